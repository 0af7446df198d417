"""Words that carry a talk along and name nothing: no chapter is called by them."""

from __future__ import annotations

_TEXT = """
able absolutely according across actual actually ad add added adding adds ago ah ahead allow
allowed allowing allows almost along alright although always amazing among amount another answer
anybody anymore anytime anyway anyways anywhere apparently applause appreciate approach approaches
area around aside asked asking aspect aspects ass asshole assume aware away awesome awful back bad
based basic basically bastard became become becomes behind believe best bet better beyond big
bigger biggest bit bitch bought bring brought build building builds built bullshit bunch bye call
called calling came care case cause certain certainly cetera chance change changed changing check
choose clear clearly click close clue com come comes coming completely con concept cons contact
context continue continues cool correct count couple coupon course cover covers crap crazy create
created creating crosstalk cunt curious current currently cut cuz daily dammit damn dang dash date
day days deal decide decided decision deep definitely definition depend depending depends describe
detail details dick didn difference differences different difficult directly discuss doesn done
dot double downside dude early easier easily easy eh eight eighty eleven end ended ends enjoy
enough entire entirely episode equal er especially essentially etc eventually everybody everyday
everyone everything everywhere evolve exact exactly example examples excellent except excited
exciting exist expect experience experiences explain explained extra extremely fact fair fairly
familiar fan fantastic far fast faster favorite feel feeling feels felt fifteen fifty figure fill
final finally fine finish finished first fit five fix fm focus folks follow foreign forever forget
forgot form forms forth forty forward found four free fresh friend friends front fuck fucked
fucker fucking full fun funny gave general generally gentlemen getting gives giving glad goal god
goddamn good gosh gotta gotten grab great guess guy guys ha haha half hand handle hang happen
happened happening happens happy hard harder hate head hear heard heck hell hello help helped
helpful helps hence hey hi high higher highly hit hmm hold holy honest honestly hope hopefully
host hosts hour hours however http https huge huh hundred idea ideally ideas imagine immediately
importance important in-depth inaudible include included includes including increase incredible
incredibly indeed individual information initially inside instance instead interest interested
interesting involved io isn issue issues jeez job join keep keeps kept key kick kid kinda kinds
knew known knows ladies large last late lately later laughter lead learn learned least leave left
left-hand less let level likely line list listen listened listener listeners listening literally
little live lives ll lol long longer look looked looking looks lost lots love lovely low lower
lowercase luckily main mainly major making man matter meaning mention mentioned mentioning met mhm
middle million mind mine minor minute minutes mm moment month months morning mostly motherfucker
move moved moving mr mrs multiple music nah name named neat necessarily need needed needs net
never new next nice nine ninety nobody non normal normally note notes nothing notice nowadays
number numbers obvious obviously odd oh ok okay old older ones open opinion option order org
original originally otherwise outside overall particular particularly parts pass past pay people
perfect perhaps period person personally perspective pick picked picking piece pieces piss pissed
place places plan play plenty plus podcast podcasts point points possibility possible possibly
potentially pre prefer pretty previous previously prior probably problem problems properly pros
prove provide provides pull purpose push put puts putting question questions quick quickly random
reach read ready real realize realized reason reasonably reasoning reasons recent recently
regarding regular regularly related relatively remember reply require required requires respect
rest result right room run running sake sample sat save saw scenario second seconds section seeing
seem seemed seems seen send sending sense sent separate series serious seriously set sets setting
setup seven seventy several share shift shit shitty short shout showed showing shown shows side
significant significantly similar simple simply single sit site sitting situation six sixty slash
slightly slow slut small smaller solid solve somehow someone sometimes somewhat somewhere soon
sorry sorta sorts sound sounds spare speak speaking specific specifically spend spent sponsor
sponsored sponsoring sponsors sponsorship spot stage stand standard standing start started
starting starts state stay step stick stood stop stopped story straight strange stuff stuffs
stupid suddenly suggest super suppose supposed sure surely surprised sweet switch takeaway
takeaways taken takes taking tastiest tasty telling ten tend tends terms terrible test thank
thanks theory therefore thin think thinking thinks third thirty thought thoughts thousand three
throw thus till time times tiny today together told tomorrow ton tonight tons took top topic total
totally touch track treats tricky tried tries trouble true truly trust truth try trying turn
turned turns twelve twenty twice two type types typically uh uhh ultimate ultimately um umm
understand understanding unfortunately unique unless upset upside useful uses usual usually value
various vast version versus view vs wait walk wanna wanted wasn watch watching ways week weeks
weird welcome weren whatnot whenever whereas whoa whoever whore wide wild willing wish won wonder
wonderful wondering word words work worked working works world worry worse worst worth wouldn wow
write writing wrong wrote www yay yeah year years yep yesterday yknow yo young yup zero
"""

FILLER_WORDS = frozenset(_TEXT.split())
"""Everyday verbs, adverbs, numbers and fillers of spoken English, and what is not for a title."""
