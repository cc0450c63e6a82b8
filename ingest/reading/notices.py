"""The stock phrases of web pages that surround an article: what any site prints, whatever it is about."""

from __future__ import annotations

import re


def _any_of(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"[\W_]*{pattern}[\W_]*", re.IGNORECASE)


_POSTS = r"(?:posts?|articles?|stories|content|reading|links|news)"
_COMMENTS = _any_of(
    r"(?:no|\d+) (?:comments?|responses?|replies)(?: yet)?",
    r"(?:post|add|leave) a (?:comment|reply|response)",
    r"comments? (?:are )?closed",
    r"cancel reply",
    r"your email address will not be published.{0,60}",
)
_MORE = _any_of(
    r"you (?:may|might) also (?:like|enjoy|be interested in)",
    rf"(?:related|recommended|popular|recent|latest|similar) {_POSTS}",
    r"more (?:like this|from (?:this|our|the) .{1,30})",
    r"read (?:more|next)",
    r"up next",
    r"trending now",
)
_AUTHOR = _any_of(
    r"(?:about|meet) the authors?",
    r"author bio(?:graphy)?",
    r"view all posts.{0,40}",
)
_SHARING = _any_of(
    r"share (?:this|on|via)\b.{0,40}",
    r"share|tweet(?: this)?|like this",
    r"follow (?:us|me)\b.{0,40}",
    r"(?:print|email) this(?: page| article| post)?",
    r"connect with .{1,40}",
    r"subscribe(?: now| today| to .{1,60})?",
    r"sign up (?:for|to) (?:our|the) .{1,60}",
    r"join our (?:newsletter|mailing list).{0,40}",
)
_NAVIGATION = _any_of(
    r"skip (?:to|navigation).{0,40}",
    r"jump to (?:main |the )?(?:content|navigation|search)",
    r"(?:back|return) to (?:top|home|overview|the top)",
    r"toggle (?:navigation|menu|search)",
    r"table of contents|contents|on this page|in this (?:article|section|page)",
    r"menu|navigation|search|home|previous|next|(?:previous|next) (?:page|post|article)",
    r"log ?in|sign ?in|log ?out|loading|advertisements?|sponsored content",
    r"tags: .{0,200}|(?:filed under|categories): .{0,200}",
    r"edit (?:this page|on \w+)|view (?:page )?source",
    r"was this (?:page|article) helpful.{0,30}|thanks for your feedback.{0,30}",
    r"page \d+(?: of \d+)?|\d+ comments?|print|watch",
    r"home\s*(?:[>»›/]\s*[^>»›/]{1,60})+",
)
_FOOT = (
    r"all rights reserved.{0,80}|(?:privacy policy|terms of (?:use|service)|terms and conditions"
    r"|cookie policy|sitemap|imprint|accessibility|contact us)(?:\s*[|·•/-]\s*[\w ]{1,30})*"
)
_NOTICE = _whole(_any_of(_COMMENTS, _MORE, _AUTHOR, _SHARING, _NAVIGATION, _FOOT))
# What stands below one of these, down to the end of the page, belongs to it.
_TRAILER = _whole(_any_of(_COMMENTS, rf"related {_POSTS}", r"you (?:may|might) also (?:like|enjoy)", _AUTHOR))
_COPYRIGHT = re.compile(r"(?:copyright\b|©|\(c\)\s).{0,20}\b(?:19|20)\d\d\b", re.IGNORECASE)
_COOKIES = re.compile(
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b"
    r"|by (?:continuing|using) (?:to (?:use|browse) )?(?:this|our) (?:web)?site\b.{0,80}"
    r"\b(?:agree|consent|accept)"
    r"|accept (?:all )?cookies\W*$|cookie (?:settings|preferences)\W*$",
    re.IGNORECASE,
)
# The words of the texts that fill a layout: "lorem ipsum", and the passage of Cicero it was cut from.
_LATIN = re.compile(
    r"lorem|ipsum|dolor|sit|amet|consectetu\w+|adipisci\w*|elit|sed|do|eiusmod|tempora?|incidid?unt|ut|labore|et"
    r"|dolore\w*|magna\w*|aliqua\w*|enim|ad|minima?|veniam|quis|nostrum|nostrud|exercitation\w*|ullam\w*|laboris"
    r"|nisi|aliqui[pd]|ex|ea|commodo|consequat\w*|duis|aute|irure|in|reprehenderit|voluptat\w*|voluptas|velit"
    r"|esse|cillum|eu|fugiat|fugit|nulla|pariatur|excepteur|sint|occaecat\w*|cupidatat\w*|non|proident|sunt|culpa"
    r"|qui|officia|deserunt|mollitia?|anim|id|est|laborum|nemo|ips[ao]m|ipsa|quia|aspernatur|aut|odit|ratione"
    r"|sequi|nesciunt|neque|porro|quisquam|numquam|eius|modi|quaerat|perspiciatis|unde|omnis|iste|natus|accusantium"
    r"|laudantium|totam|rem|aperiam|eaque|quae|ab|illo|inventore|veritatis|quasi|architecto|beatae|vitae|dicta"
    r"|explicabo|vivamus|praesent|curabitur|pellentesque|tristique|senectus|malesuada|egestas|vestibulum"
)
_ENGLISH_TOO = re.compile(
    r"do|in|ad|ex|id|non|sit|ut|et|qui|est|esse|quasi|elit|ab|ea|eu|magna|sed|natus|rem"
)
_WORD = re.compile(r"[^\W\d_]+")


def is_notice(words: str) -> bool:
    """Whether the line is nothing but such a phrase, a copyright line or a cookie notice."""
    if len(words) > 300:
        return False
    if _COPYRIGHT.match(words) or _COOKIES.match(words):
        return True
    if len(words) > 220:
        return False
    parts = [part for part in re.split(r"\s+[|·•]\s+", words) if part.strip()]
    stock = sum(_NOTICE.fullmatch(part) is not None for part in parts)
    return (stock == 1 and len(parts) == 1) or (stock >= 2 and len(parts) >= 3)


def opens_trailer(words: str) -> bool:
    """Whether the line begins what sites put below an article: comments, its author, other articles."""
    return len(words) <= 80 and _TRAILER.fullmatch(words) is not None


def is_placeholder(words: str) -> bool:
    """Whether the words are the Latin that fills a layout until somebody writes the text."""
    tokens = [w.lower() for w in _WORD.findall(words)]
    latin = [w for w in tokens if _LATIN.fullmatch(w)]
    proof = [w for w in latin if not _ENGLISH_TOO.fullmatch(w)]
    return len(proof) >= 2 and len(latin) >= 0.7 * len(tokens)
