"""Characters as keys of a US keyboard, by QEMU's names."""
from __future__ import annotations

PLAIN = {
    "\n": "ret", "\t": "tab", " ": "spc", "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
    "\\": "backslash", ";": "semicolon", "'": "apostrophe", "`": "grave_accent", ",": "comma", ".": "dot", "/": "slash",
}
SHIFTED = dict(zip('!@#$%^&*()_+{}|:"~<>?', "1234567890-=[]\\;'`,./"))


def keys(character: str) -> tuple[str, ...]:
    """What to press together for one character."""
    if character in SHIFTED:
        return ("shift", *keys(SHIFTED[character]))
    if character.isupper():
        return ("shift", character.lower())
    return (PLAIN.get(character, character),)
