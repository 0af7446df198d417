"""Small take-away documents for tests, written as their authors would."""


def document(title, video, rows):
    """Return a document about a YouTube video; rows are (second, topic, details)."""
    lines = [f"# {title}", "", "| Time | Topic | Details |", "|---|---|---|"]
    for second, topic, text in rows:
        label = f"{second // 60}:{second % 60:02}"
        lines.append(f"| [{label}](https://youtu.be/{video}?t={second}) | {topic} | {text} |")
    return "\n".join(lines) + "\n"
