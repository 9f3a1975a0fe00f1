"""A folder of Markdown files with front matter: written from articles, and read into them."""
