"""What is made of files so that one sees what they are: small pictures, pages, words.

`program` reads a file that anybody may have made, in a process of its own with little memory and
time; `running` starts it; `jobs` keeps what it made, sealed, beside the file.
"""
