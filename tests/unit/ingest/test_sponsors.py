"""A sponsor's chapter is told by its title, and a talk about sponsors is none."""

from __future__ import annotations

import pytest

from bot.ingest.chapter_lists import is_sponsor


@pytest.mark.parametrize(
    "title",
    [
        "Sponsor", "Sponsors", "Our sponsors", "Sponsor: Acme", "Sponsors – Acme, Initech", "Ad",
        "SPONSOR #2", "Sponsor 2: Acme", "Ad break", "Ad Break 1", "[Ad] Acme", "Ad: Acme", "Ads",
        "(sponsor) Acme", "Acme (Ad)", "Acme [sponsored]", "Acme – sponsor", "Acme | Sponsor break",
        "Advertisement", "Mid-roll", "midroll ad", "Pre-roll", "Commercial break",
        "Brought to you by Acme", "This episode is brought to you by Acme",
        "This video is sponsored by Acme", "Sponsored by Acme", "A word from our sponsors",
        "A quick word from today’s sponsor", "Message from our sponsor: Acme",
        "Thanks to our sponsors", "Thank you to our sponsor, Acme", "📣 Sponsor message",
        "#ad Acme", "Werbung", "Anzeige: Acme", "Publicité", "Sponsor read", "Sponsorship",
    ],
)  # fmt: skip
def test_a_sponsors_title_is_marked(title: str):
    assert is_sponsor(title)


@pytest.mark.parametrize(
    "title",
    [
        "How to find sponsors for your show", "State sponsors of terrorism", "Why we have no ads",
        "The bill sponsored by Senator Smith", "Ad hoc networks", "Ada Lovelace", "Adding tests",
        "Google: ads and search", "The ad that changed everything", "The advertising business",
        "Addiction", "AD 476 and the fall of Rome", "Sponsoring open source", "Commercial space",
        "Commercials of the eighties", "Sponsors leave the league", "Rolling mid-range hills",
        "GitHub Sponsors and funding", "What brought you to physics", "Break from work",
        "Words from our founder", "", "Advent of code", "Head: adverts in history", "Anzeigetafel",
        "Is TV – ads included – dead?", "Blood adsorption", "Cholera was brought by ships",
    ],
)  # fmt: skip
def test_a_talk_about_sponsors_is_not_marked(title: str):
    assert not is_sponsor(title)
