"""What HTML of messages may hold.  Whatever is not named here is left out, its words kept."""

TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br",
    "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt",
    "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s",
    "samp", "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip

# What is left out with all that is within.
GONE = {
    "applet", "audio", "canvas", "embed", "frameset", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video", "xmp",
}  # fmt: skip

# These load something: they are looked at, and never kept as they are.
LOADING = {"src", "srcset", "background", "poster", "lowsrc", "dynsrc"}
_TABLE = {"align", "valign", "bgcolor", "width", "height", "border", "background"}

ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "lang", "style", "title", "background"},
    "a": {"href"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"size", "width"},
    "img": {"src", "srcset", "alt", "width", "height", "border", "lowsrc", "dynsrc"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": _TABLE | {"cellpadding", "cellspacing"},
    "td": _TABLE | {"colspan", "rowspan"},
    "th": _TABLE | {"colspan", "rowspan"},
    "tr": _TABLE,
    "ul": {"type"},
}

# Whatever else is taken for an address is left out before anybody looks at it.
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
LINKED = ("http://", "https://", "mailto:", "tel:")

STYLES = {
    "background", "background-color", "border", "border-bottom", "border-bottom-color",
    "border-bottom-style", "border-bottom-width", "border-collapse", "border-color", "border-left",
    "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right",
    "border-right-color", "border-right-style", "border-right-width", "border-spacing",
    "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width",
    "border-width", "color", "direction", "display", "font", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-height", "max-width", "min-height", "min-width", "overflow-wrap", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align",
    "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "width",
    "word-break", "word-spacing", "word-wrap",
}  # fmt: skip
