"""Words too common in English to search by, and words that are like them."""

from __future__ import annotations

_TEXT = """
a about above after again against all also am an and any anyone anything are as at be because
been before being below between both but by can cannot cant could couldnt did didnt do does
doesnt doing dont down during each either else ever every few find for from further get gets
give given go goes going gonna got had hadnt has hasnt have havent having he hed her here hers
herself hes him himself his how hows i id if ill im in into is isnt it its itself ive just
know kind lets like lot made make makes many may maybe me mean means might more most much must
my myself near neither no nor not now of off often on once one only onto or other others ought
our ours ourselves out over own part please quite rather really said same say saying says see
shall she should shouldnt show since so some somebody someone something sort still such take
talk talked talking talks tell tells than that thats the their theirs them themselves then
there theres these they theyd theyll theyre theyve thing things this those though through to
too toward towards under until up upon us use used using very want wants was wasnt way we wed
well went were werent weve what whatever whats when whens where wheres whether which while who
whole whom whos whose why whys will with within without wont would wouldnt yes yet you youd
youll your youre yours yourself yourselves youve
"""

STOP_WORDS = frozenset(_TEXT.split())

LIKE_STOP_WORDS = frozenset(
    "bing blow booth cold ding dong dose ether form gong lest manny mans moore quiet quit rally "
    "somme taking thee thin three ting tough trough".split()
)
"""Words and names of their own that a likely slip makes of a stop-word: all there are among the
30,000 of the embedding model's vocabulary."""
