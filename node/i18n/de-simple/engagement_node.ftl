# Alle Texte der Seiten in Einfacher Sprache. Zahlen und Tage kommen fertig geschrieben an; `count` wählt nur die Form.
# Kurze Sätze, ein Gedanke je Satz, bekannte Wörter. Ein Fachwort wird dort erklärt, wo es zuerst steht.

## Rahmen

product = Engagementnetz
skip = Zum Inhalt springen
footer-node = Diese Seite ist von: { $node }
footer-contact = Haben Sie Fragen oder Hinweise?
footer-privacy = Wir benutzen keine Cookies. Sie müssen sich nicht anmelden. Wir suchen nur in unseren eigenen Daten. Niemand sonst erfährt, was Sie suchen.
language-switch = Sprache
quoted = „{ $text }“
title-with-node = { $title } – { $node }

feed-heading = Neues zu dieser Suche bekommen
feed-atom = Neues für ein Leseprogramm (Atom)
feed-json = Neues für ein Leseprogramm (JSON)
feed-calendar = Termine für Ihren Kalender
feed-title = Angebote: { $node }
feed-title-words = Angebote: { $words } – { $node }
opensearch-short = Ehrenamt
opensearch-long = Angebote für das Ehrenamt: { $node }

## Start und Orte

start-title = Start
start-heading = Ein Ehrenamt finden
start-lead =
    { $count ->
        [0] Ehrenamt heißt: Sie helfen freiwillig und ohne Lohn. Gerade gibt es hier noch keine Angebote. Schauen Sie bald wieder nach.
        [one] Ehrenamt heißt: Sie helfen freiwillig und ohne Lohn. Hier gibt es 1 Angebot.
       *[other] Ehrenamt heißt: Sie helfen freiwillig und ohne Lohn. Hier gibt es { $shown } Angebote.
    }
start-kinds = { $seek }-mal braucht jemand Hilfe. { $offer }-mal bietet jemand Hilfe an.
distances-from = Die Entfernung zählt ab der Mitte von { $place }.
start-fields = Bei welchem Thema möchten Sie helfen?
start-new-near = Neu in Ihrer Nähe
start-new = Neue Angebote
start-places = Was gibt es wo?
start-places-hint = Manche Kreise sind auf der Karte dunkler. Dort gibt es mehr zu tun. Zu der Karte gibt es auch eine Liste. Die Liste führt zu den gleichen Seiten.
start-how = So geht es
start-how-find = Suchen Sie etwas, das Ihnen Freude macht. Wählen Sie auch einen Ort.
start-how-ask = Melden Sie sich dort, wo es im Angebot steht. Sie brauchen kein Konto.
start-how-go = Sie lernen sich kennen. Dann entscheiden Sie zusammen: Passt es?
area-count =
    { $count ->
        [0] keine Angebote
        [one] 1 Angebot
       *[other] { $shown } Angebote
    }
map-land = Karte von Nordrhein-Westfalen mit allen Kreisen
map-kreis = Karte: { $name } mit allen Städten und Gemeinden
map-place = Karte: { $town } ({ $kreis })
map-place-city = Karte: { $town }
map-without = Hier gibt es noch keine Angebote ({ $count })
map-source = Grundlage für die Karte: © GeoBasis-DE / BKG 2016, Daten verändert
trail = Sie sind hier
landing-count =
    { $count ->
        [0] Hier gibt es gerade keine Angebote.
        [one] Hier gibt es gerade 1 Angebot.
       *[other] Hier gibt es gerade { $shown } Angebote.
    }
landing-offers = Angebote
landing-all = Alle { $count } Angebote ansehen
landing-fields = Nach Thema
landing-organisations = Organisationen
landing-some-organisations = Einige Organisationen
town-heading = Ehrenamt: { $name }
town-neighbours = Orte in der Nähe
kreis-towns = Städte und Gemeinden
field-heading = Ehrenamt: { $name }
field-places = Nach Kreis und Stadt
field-others = Andere Themen
organisation-site = Im Internet

## Suche

search-heading = Ein Ehrenamt finden
search-form = Suche nach Angeboten
search-words = Was?
search-words-hint = zum Beispiel { $word }
search-near = Wo?
search-near-hint = Postleitzahl oder Ort
search-radius = Wie weit weg?
search-radius-any = egal
search-radius-km = bis { $km } km
search-submit = Suchen

results-count =
    { $count ->
        [0] Keine Angebote
        [one] 1 Angebot
       *[other] { $shown } Angebote
    }
results-count-some =
    { $all ->
        [0] Kein Angebot mit allen Wörtern, { $rest } mit einigen
        [one] 1 Angebot mit allen Wörtern, { $rest } mit einigen
       *[other] { $shown } Angebote mit allen Wörtern, { $rest } mit einigen
    }
results-title-all = { $count } – Ein Ehrenamt finden
results-page = { $title }, Seite { $number }
results-words = für „{ $words }“
results-near = bei { $place }
results-near-radius = bis { $km } km um { $place }
results-divider = Ab hier: Angebote aus anderen Orten
results-divider-remote = Ab hier: Angebote aus anderen Orten und Angebote, die überall möglich sind
results-divider-words = Ab hier: nur mit einigen Wörtern
results-beyond-radius =
    { $count ->
        [one] Weiter weg als { $km } km: noch 1 Angebot bis { $far } km
       *[other] Weiter weg als { $km } km: noch { $shown } Angebote bis { $far } km
    }
results-beyond-place =
    { $count ->
        [one] Nicht in { $place }, aber in der Nähe: noch 1 Angebot bis { $far } km
       *[other] Nicht in { $place }, aber in der Nähe: noch { $shown } Angebote bis { $far } km
    }
results-beyond-nearest = Am nächsten ist:
results-all-words =
    { $count ->
        [0] Kein Angebot enthält alle wichtigen Wörter. Hier sehen Sie Angebote mit den meisten Wörtern.
        [one] 1 Angebot enthält alle wichtigen Wörter. Danach kommen Angebote mit den meisten Wörtern.
       *[other] { $shown } Angebote enthalten alle wichtigen Wörter. Danach kommen Angebote mit den meisten Wörtern.
    }
results-corrected = Wir haben nach „{ $words }“ gesucht.
results-similar = Für „{ $typed }“ gibt es nur wenige Angebote. Darum haben wir auch nach { $words } gesucht.
results-exact = Nur nach „{ $words }“ suchen
results-ungroup = Gleiche Angebote einzeln zeigen
results-group = Gleiche Angebote zusammen zeigen
results-next = Mehr Angebote
results-first = Zum Anfang der Liste
results-newest = Neue Angebote zuerst
results-best = Beste Angebote zuerst
results-pages = Seiten mit Angeboten

results-namesakes = Mehrere Orte haben diesen Namen. Meinen Sie:
results-doubtful = { $place } ist auch ein Ort.
results-doubtful-link = Angebote in { $place } zeigen
results-no-words = Nach Ihren Wörtern können wir nicht suchen.
texts-german = Die Texte sind auf Deutsch.
results-relaxed = Mit { $filters } haben wir nichts gefunden. Darum haben wir ohne diese Angabe gesucht.
results-overridden = Das haben wir nicht beachtet: { $filters }. Sie haben in den Feldern etwas anderes gewählt. Das gilt.
results-time-open =
    { $count ->
        [one] Bei 1 Angebot steht diese Zeit nicht dabei. Oder man macht die Zeit zusammen aus. Es steht weiter unten.
       *[other] Bei { $shown } Angeboten steht diese Zeit nicht dabei. Oder man macht die Zeit zusammen aus. Sie stehen weiter unten.
    }
chips-label = Ihre Auswahl
chip-remove = Aus der Auswahl löschen:
chip-words = Wort: „{ $words }“
chip-understood = Aus Ihren Wörtern: { $words }
chip-near = Ort: { $place }
chip-near-radius = Ort: { $place }, bis { $km } km
chip-age = Alter: { $age } Jahre
chip-area = Gebiet: { $area }
chips-clear = Alles löschen

filters-heading = Genauer suchen
filters-chosen =
    { $count ->
        [one] 1 ausgewählt
       *[other] { $count } ausgewählt
    }
filters-submit = Angebote zeigen
facet-direction = Hilfe gesucht oder angeboten
facet-field = Thema
facet-activity = Was möchten Sie tun?
facet-target = Für wen ist die Hilfe?
facet-commitment = Wie oft?
facet-mode = Vor Ort oder online?
facet-hours = Stunden im Monat
facet-slot = Wann?
facet-accessibility = Barrierefreiheit
facet-kreis = Kreis oder Stadt
hours-bis-2 = bis 2 Stunden
hours-2-bis-5 = 2 bis 5 Stunden
hours-5-bis-10 = 5 bis 10 Stunden
hours-ueber-10 = mehr als 10 Stunden
slot-we = am Wochenende
direction-seek = Jemand braucht Hilfe
direction-offer = Jemand bietet Hilfe an
other = anderes

empty-heading = Dazu haben wir nichts gefunden.
empty-words = Nehmen Sie ein kürzeres Wort. Schreiben Sie zum Beispiel „{ $short }“. Schreiben Sie nicht „{ $long }“.
empty-radius = Wählen Sie bei „Wie weit weg?“ eine größere Zahl. Oder wählen Sie „egal“.
empty-filters = Löschen Sie etwas aus Ihrer Auswahl.
empty-incomplete = Die Angebote von einigen Orten fehlen gerade. Unten steht, welche fehlen. Versuchen Sie es später noch einmal.
empty-all = Alle Angebote ansehen
empty-node = Hier gibt es noch keine Angebote. Schauen Sie bald wieder nach.

## Karte

badge-offer = Bietet Hilfe
badge-seek = Braucht Hilfe
badge-some-words = Nur einige Wörter
card-suited = Gut für:
suited-youths = Jugendliche
badge-soon = Braucht bald Hilfe
badge-emergency = Dringend
card-place-more =
    { $count ->
        [one] { $place } und noch 1 Ort
       *[other] { $place } und noch { $count } Orte
    }
card-distance = { $km } km
card-distance-below = weniger als 1 km
card-verified = zuletzt bestätigt am { $day }
card-origin = Von: { $node }
card-also = Auch in { $places }
card-also-more =
    { $count ->
        [one] Auch in { $places } und noch an einem anderen Ort
       *[other] Auch in { $places } und noch { $count }-mal
    }
card-also-here =
    { $count ->
        [one] Dieses Angebot gibt es noch einmal
       *[other] Dieses Angebot gibt es noch { $count }-mal
    }
card-when = Wann und wie viel:
card-where = Wo:
card-needed = Das brauchen Sie: { $what }
card-accessible = Barrierefreiheit:
card-some =
    { $count ->
        [one] { $first } und noch etwas
       *[other] { $first } und noch { $count } Dinge
    }
private-person = Privatperson
place-area = Postleitzahl { $plz }
place-remote = überall möglich
place-unknown = Ort nicht bekannt

## Vollständigkeit

coverage-line = Angebote von { $complete } von { $nodes } Städten, Kreisen und anderen Stellen
coverage-as-of = Stand: { $moment }
coverage-missing = Es fehlt: { $name }. Wir zeigen den Stand von: { $moment }
coverage-unsearched = Es fehlt: Neues von { $name }. Sie können es hier noch nicht suchen.
coverage-never = Es fehlt: { $name }. Wir haben von dort noch nie etwas bekommen.
coverage-more =
    { $count ->
        [one] und noch 1 Stelle
       *[other] und noch { $count } Stellen
    }
coverage-explain = Viele Städte, Kreise und andere Stellen zeigen hier ihre Angebote. Jede Stelle hat dafür ein eigenes Computerprogramm. Die Programme tauschen die Angebote aus. Fehlt eine Stelle? Dann zeigen wir die letzten Angebote, die wir von ihr haben.

## Angebot

offer-back-results = Zurück zu den Angeboten
offer-back = Neu suchen
offer-similar = Ähnliche Angebote
offer-organisation = Alle Angebote von dieser Organisation
report-link = Stimmt hier etwas nicht? Sagen Sie es uns
report-subject = Meldung: { $title } ({ $id })
origin-share = Link zum Weitergeben
offer-jump = So melden Sie sich
offer-description = Beschreibung
offer-tasks = Das tun Sie
offer-tasks-offer = Das biete ich an
offer-plain = In Einfacher Sprache
glance-heading = Passt das zu mir?
glance-time = Wann?
glance-dates-more =
    { $count ->
        [one] und noch 1 Termin
       *[other] und noch { $count } Termine
    }
glance-amount = Wie oft und wie lange?
glance-places =
    { $count ->
        [one] Ort
       *[other] Orte
    }
glance-places-remote = Sie müssen nirgendwo hingehen. Der Ort sagt nur: Von dort kommt das Angebot.
glance-seats = Plätze
glance-apply = Anmelden bis
glance-age = Alter
glance-languages = Sprachen
glance-requirements = Das brauchen Sie
explain-fuehrungszeugnis = Im erweiterten Führungszeugnis steht, ob jemand Straftaten begangen hat. Sie bekommen es beim Bürgerbüro. Die Organisation gibt Ihnen dafür einen Brief mit. Dann kostet es nichts.
explain-masern = Schutz gegen Masern heißt: Sie haben eine Impfung gegen Masern. Oder Sie hatten schon Masern. Oder Sie sind vor 1971 geboren. Können Sie keine Impfung bekommen? Dann brauchen Sie ein Papier vom Arzt.
explain-belehrung43 = Die Belehrung ist ein kurzer Unterricht beim Gesundheitsamt. Oft geht das im Internet. Sie lernen dort: So gehen Sie richtig mit Lebensmitteln um.
glance-accessibility = Barrierefreiheit
glance-benefits = Das bekommen Sie
glance-suited = Das passt gut für
glance-fields = Thema
glance-activities = Was Sie tun
glance-targets = Für wen ist die Hilfe?
seats-all =
    { $count ->
        [one] 1 Platz
       *[other] { $count } Plätze
    }
seats-left =
    { $count ->
        [one] 1 Platz, noch { $left } frei
       *[other] { $count } Plätze, noch { $left } frei
    }
age-from = ab { $min } Jahren
age-to = bis { $max } Jahre
age-between = { $min } bis { $max } Jahre
hours-flexible = Sie entscheiden selbst, wann und wie lange
hours-minutes = { $minutes } Minuten
hours-once =
    { $count ->
        [one] { $hours } Stunde
       *[other] { $hours } Stunden
    }
times = { $count }-mal
hours-per-day = { $amount }, { $times } am Tag
hours-per-week = { $amount }, { $times } in der Woche
hours-per-month = { $amount }, { $times } im Monat
hours-per-year = { $amount }, { $times } im Jahr
times-per-day = { $times } am Tag
times-per-week = { $times } in der Woche
times-per-month = { $times } im Monat
times-per-year = { $times } im Jahr
from-day = ab { $day }
until-day = bis { $day }
from-until-day = { $from } bis { $to }
day-said = { $day }. { $month } { $year }
month =
    { $number ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[other] Dezember
    }
date-at = { $weekday }, { $day }, { $time } Uhr
date-from-to = { $weekday }, { $day }, { $time } bis { $end } Uhr
date-until = { $start } bis { $end }
moment = { $day }, { $time } Uhr
weekday =
    { $number ->
        [1] Montag
        [2] Dienstag
        [3] Mittwoch
        [4] Donnerstag
        [5] Freitag
        [6] Samstag
       *[other] Sonntag
    }
accessibility-yes = { $what }: ja
accessibility-no = { $what }: nein
accessibility-unknown = { $what }: nicht bekannt
accessibility-none = Dazu steht hier nichts. Fragen Sie nach, was Sie brauchen.
accessibility-ask = Ist etwas nicht bekannt oder fehlt etwas? Dann fragen Sie nach.
language-welcome = { $language } (hilft, muss aber nicht sein)
language-needed = { $language } (müssen Sie können)
language-name =
    { $code ->
        [ar] Arabisch
        [bg] Bulgarisch
        [de] Deutsch
        [dgs] Deutsche Gebärdensprache
        [el] Griechisch
        [en] Englisch
        [es] Spanisch
        [fa] Persisch
        [fr] Französisch
        [hr] Kroatisch
        [hu] Ungarisch
        [it] Italienisch
        [ku] Kurdisch
        [nds] Plattdeutsch
        [nl] Niederländisch
        [pl] Polnisch
        [ps] Paschtu
        [pt] Portugiesisch
        [ro] Rumänisch
        [ru] Russisch
        [so] Somali
        [sq] Albanisch
        [sr] Serbisch
        [ta] Tamil
        [ti] Tigrinya
        [tr] Türkisch
        [uk] Ukrainisch
        [vi] Vietnamesisch
        [zh] Chinesisch
       *[other] eine andere Sprache
    }

contact-heading = So melden Sie sich
contact-role = Wenden Sie sich an: { $role }
contact-mail = Ihre E-Mail geht an: { $node }
contact-forwarded = Zuerst liest { $node } Ihre E-Mail. Dann bekommt { $organisation } die E-Mail.
contact-forwarded-private = Zuerst liest { $node } Ihre E-Mail. Dann bekommt sie die Person, die hilft oder Hilfe braucht.
contact-mail-link = E-Mail schreiben
contact-mail-subject = Ehrenamt: { $title } ({ $id })
contact-mail-hint = Schreiben Sie, wie das Angebot heißt. Steht hier, an wen Sie sich wenden? Dann schreiben Sie das auch. Schreiben Sie dann: Wer sind Sie? Wann kann man Sie erreichen? Ein Satz reicht.
contact-page = Seite zum Angebot:
contact-organisation = Seite der Organisation:
contact-origin-page = Original ansehen: { $node }
contact-none = Bei diesem Angebot steht keine Adresse für den Kontakt.

origin-heading = Woher kommt das Angebot?
origin-node = Veröffentlicht von
origin-verified = Zuletzt bestätigt am
origin-valid = Gültig bis
origin-updated = Zuletzt geändert am
origin-id = Nummer vom Angebot
origin-licence = Lizenz
origin-copy = Hier sehen Sie eine Kopie. Wir haben sie geprüft. Wir haben nichts geändert.

## Vorbei

over-paused = Dieses Angebot macht gerade Pause.
over-filled = Es gibt keine freien Plätze mehr.
over-expired = Dieses Angebot war bis { $day } gültig.
over-paused-hint = Vielleicht geht es später weiter. Es gibt auch andere Angebote.
over-filled-hint = Es ist schön, dass so viele mitmachen. Andere brauchen noch Hilfe.
over-expired-hint = Vielleicht ist der Termin vorbei. Vielleicht hat es niemand noch einmal bestätigt. Andere brauchen Hilfe.
over-search = Ähnliche Angebote suchen

## Rechtliches

easy-link = Leichte Sprache
easy-title = Leichte Sprache
imprint-title = Impressum
imprint-missing = Im Impressum steht, wer für die Seiten verantwortlich ist. { $node } hat noch kein Impressum geschrieben.
imprint-write = Fragen Sie bis dahin hier:
privacy-title = Datenschutz
privacy-lead = Für diese Seiten brauchen Sie kein Konto. Wir benutzen keine Cookies. Cookies sind kleine Dateien auf Ihrem Gerät. Wir benutzen auch keine Dienste von anderen Firmen. Hier steht, was das heißt.
privacy-visit = Wenn Sie diese Seiten ansehen
privacy-visit-none = Wir benutzen keine Cookies. Wir zählen keine Besuche. Ihr Gerät hat im Internet eine Adresse. Unser Programm schreibt diese Adresse nicht auf. Es schreibt auch Ihre Suchwörter nicht auf.
privacy-visit-limit = Niemand soll unser Programm mit zu vielen Anfragen stören. Darum zählen wir kurz mit: Wie viele Anfragen kommen aus einem Netz? Diese Zahlen speichern wir nicht.
privacy-search = Wenn Sie suchen
privacy-search-local = Die Angebote sind hier gespeichert. Wir suchen nur in diesen Angeboten. Niemand sonst erfährt, was Sie suchen.
privacy-search-link = Ihre Suche steht in der Adresse der Seite. So können Sie die Suche als Link weitergeben. Wer den Link hat, sieht auch Ihre Suche.
privacy-offers = Was in den Angeboten steht
privacy-offers-public = Wir veröffentlichen nur Angaben zum Angebot und zur Organisation. Für Namen von Personen gibt es kein Feld. Auch für Telefonnummern und E-Mail-Adressen von Personen gibt es kein Feld.
privacy-offers-gone = Manchmal zieht jemand ein Angebot zurück. Dann verschwindet es auch von den Seiten der anderen Städte und Gemeinden.
privacy-operator = Angaben vom Betreiber
privacy-missing = { $node } hat noch keine eigenen Angaben zum Datenschutz geschrieben. Zum Beispiel fehlt: Wer ist verantwortlich? Welche Rechte haben Sie?
privacy-write = Haben Sie Fragen zum Datenschutz?
access-title = Barrierefreiheit
access-lead = Barrierefrei heißt: Alle Menschen können die Seiten gut benutzen. Diese Erklärung gilt für die Seiten von { $node } im Engagementnetz. In Nordrhein-Westfalen gibt es dafür zwei Regeln: das Behindertengleichstellungsgesetz und die Barrierefreie-Informationstechnik-Verordnung.
access-state = Wie barrierefrei sind die Seiten?
access-state-partly = Die Seiten erfüllen die Regeln zum Teil.
access-state-tests = Wir bauen die Seiten nach den Regeln WCAG 2.2, Stufe AA. Ein Programm prüft nach jeder Änderung die wichtigsten Seiten. Es prüft sie auch auf dem Handy und mit dunklem Hintergrund. Aber ein Programm findet nicht alle Barrieren.
access-limits = Was ist noch nicht barrierefrei?
access-limits-texts = Die Organisationen schreiben die Texte der Angebote. Die Texte sind nicht immer leicht zu verstehen. Oft fehlen Angaben zur Barrierefreiheit.
access-limits-map = Sie brauchen die Karten nicht. Alle Links von der Karte stehen auch in einer Liste.
access-limits-easy = In Leichter Sprache gibt es nur eine Seite. Der Link steht oben auf jeder Seite. Noch keine Prüfgruppe hat den Text geprüft. Videos in Gebärdensprache gibt es noch nicht.
access-operator = Prüfung durch Menschen
access-missing = { $node } hat noch nicht gesagt, ob Menschen diese Seiten geprüft haben.
access-write = Haben Sie eine Barriere gefunden? Schreiben Sie uns:
access-subject = Barriere melden
access-ombud = Wenn wir Ihnen nicht helfen
access-ombud-when = Sind Sie mit unserer Antwort nicht zufrieden? Dann hilft Ihnen die Ombudsstelle. Sie gehört zum Land und hilft bei Streit. Das kostet nichts.
access-ombud-who = Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen:

## Fehler

not-found-title = Seite nicht gefunden
not-found-heading = Diese Seite gibt es nicht.
not-found-hint = Vielleicht fehlt ein Teil der Adresse. Oder die Seite hat eine neue Adresse. Suchen Sie hier weiter:
unknown-title = Angebot nicht gefunden
unknown-heading = Dieses Angebot gibt es hier nicht.
unknown-hint = Jemand hat es zurückgezogen. Oder ein Teil der Adresse fehlt. Suchen Sie hier weiter:
gone-title = Angebot beendet
gone-heading = Dieses Angebot gibt es nicht mehr.
gone-hint = Jemand hat es zurückgezogen. Oder die Zeit dafür ist vorbei. Suchen Sie hier ähnliche Angebote:
refused-title = Fehler: Bitte ändern Sie Ihre Suche
refused-heading = Bitte ändern Sie Ihre Suche.
refused-hint = So konnten wir nicht suchen:
refused-radius = Sie haben bei „Wie weit weg?“ etwas gewählt. Dann brauchen wir auch einen Ort. Schreiben Sie den Ort in das Feld „Wo?“. Oder wählen Sie bei „Wie weit weg?“ das Wort „egal“.
refused-radius-bad = Die Entfernung muss eine Zahl sein. Wählen Sie sie noch einmal.
refused-radius-wide = Die Entfernung ist zu groß. Mehr als { $km } km geht nicht. Wählen Sie sie noch einmal.
refused-text = In Ihrer Suche stehen Zeichen, die wir nicht lesen können. Schreiben Sie Ihre Suche noch einmal.
refused-other = In der Adresse dieser Seite steht „{ $name }“. Das verstehen wir nicht. Fangen Sie die Suche neu an.
refused-words = Die Suche ist zu lang, oder ein * steht an der falschen Stelle. Möglich sind 200 Zeichen, 16 Wörter und zwei Wörter mit * am Ende.
refused-near = Den Ort „{ $place }“ kennen wir nicht. Schreiben Sie eine Postleitzahl oder einen Ort in Nordrhein-Westfalen.
busy-title = Zu viele Anfragen
busy-heading = Das waren zu viele Anfragen.
busy-hint = Warten Sie ein paar Sekunden. Laden Sie die Seite dann neu. Vielleicht benutzen viele Menschen das gleiche Netz wie Sie.
slow-title = Das hat zu lange gedauert
slow-heading = Das hat zu lange gedauert.
slow-hint = Unser Computer hat gerade zu viel zu tun. Versuchen Sie es in einer Minute noch einmal.
large-title = Das war zu viel
large-heading = Das war zu viel auf einmal.
large-hint = So viel Text geht hier nicht. Schreiben Sie weniger. Versuchen Sie es dann noch einmal.
long-title = Die Adresse ist zu lang
long-heading = Die Adresse von dieser Seite ist zu lang.
long-hint = Wählen Sie weniger aus. Oder suchen Sie hier neu:
headers-title = Ihr Browser hat zu viel geschickt
headers-heading = Ihr Browser hat uns zu viele Daten geschickt.
headers-hint = Ein Browser ist das Programm, mit dem Sie ins Internet gehen. Löschen Sie die Cookies für diese Seite. Cookies sind kleine Dateien im Browser. Oder öffnen Sie die Seite in einem privaten Fenster.
away-heading = Wir sind bald wieder da.
away-hint = Wir arbeiten gerade an diesen Seiten. Versuchen Sie es in ein paar Minuten noch einmal.
fault-title = Fehler
fault-heading = Das hat leider nicht geklappt.
fault-hint = Das ist unser Fehler. Versuchen Sie es in ein paar Minuten noch einmal.
fault-number = Möchten Sie uns den Fehler melden? Dann nennen Sie bitte diese Nummer:

## Netz

network-title = Das Netz
network-summary = { $complete } von { $nodes } Stellen sind vollständig.
network-lead = Viele Städte, Kreise und andere Stellen zeigen hier ihre Angebote. Jede Stelle hat dafür ein eigenes Computerprogramm. Das Programm heißt Knoten. Unser Knoten hat geprüfte Kopien von allen anderen Knoten. Er sucht nur in diesen Kopien. Hier steht, wie neu die Kopien sind.
network-complete = Vollständig ({ $count })
network-complete-explain = Hier finden Sie alles, was diese Knoten veröffentlicht haben.
network-late = Noch nicht auf dem neuesten Stand ({ $count })
network-late-explain = Diese Knoten haben etwas Neues. Es ist hier noch nicht angekommen. Bis dahin sehen Sie den Stand davor.
network-unreachable = Nicht erreichbar ({ $count })
network-unreachable-explain = Diese Knoten antworten nicht. Sie sehen den letzten Stand, den wir geprüft haben. Ist ein Angebot nicht mehr gültig? Dann zeigen wir es nicht.
network-never = Noch nie etwas bekommen ({ $count })
network-never-explain = Von diesen Knoten haben wir noch nichts bekommen. Ihre Angebote fehlen in der Suche.
network-suspended = Gesperrt ({ $count })
network-suspended-explain = Ein Register ist eine Liste von Knoten. Wer die Liste führt, hat diese Knoten gesperrt. Darum zeigen wir ihre Angebote nicht. Die letzte Kopie behalten wir als Beweis.
network-lying = Hier passt etwas nicht zusammen ({ $count })
network-lying-explain = Jeder Knoten hat einen geheimen Schlüssel. Damit unterschreibt er seine Angebote. Bei diesen Knoten gibt es zwei verschiedene Stände mit der gleichen Nummer. Beide sind unterschrieben. Oder jemand anders benutzt den Schlüssel. Das darf nicht passieren. Wir zeigen den ersten Stand. Der Betreiber weiß Bescheid.
network-facts-now = { $offers }, gerade bestätigt
network-facts = { $offers }, zuletzt bestätigt { $age }
network-facts-none = noch keine Angebote bekommen
network-facts-hidden = Das zeigen wir nicht: { $offers }
network-source = (über { $relay })
network-receipts-all = Unser neuester Stand ist bei { $arrived } von { $nodes } Knoten angekommen.
network-receipts = Unser neuester Stand ist bei { $arrived } von { $nodes } Knoten angekommen. Es fehlen noch: { $missing }.
network-ago-minutes = vor { $count } Minuten
network-ago-hours = vor { $count } Stunden
network-ago-days = vor { $count } Tagen
footer-network = Das Netz: Wer macht mit?

## Warum ein Treffer gefunden wurde

why = Darum sehen Sie das: { $words }
why-lacks = Das fehlt: { $words }
why-exact = „{ $word }“ { $part }
why-form = „{ $word }“ in anderer Form { $part }
why-within = „{ $word }“ als Teil von einem Wort { $part }
why-part = ein Teil von „{ $word }“ { $part }
why-parts = Teile von „{ $word }“ { $part }
why-synonym = „{ $other }“ { $part } (ähnlich wie „{ $word }“)
why-typo = „{ $other }“ { $part } (Sie schrieben „{ $word }“)
why-title = im Titel
why-summary = im kurzen Text
why-labels = beim Thema, bei „Für wen ist die Hilfe?“ oder bei „Geeignet für“
why-organisation = im Namen der Organisation
why-place = beim Ort
why-text = in der Beschreibung

## Warum etwas passt

fit-for = Das passt:
fit-against = Das müssen Sie wissen:
fit-unknown = Das wissen wir nicht:
fit-distance = { $distance } entfernt
fit-from-home = von zu Hause
fit-place = Ort
fit-field = Thema { $what }
fit-other-field = anderes Thema: { $what }
fit-activity = Aufgabe: { $what }
fit-other-activity = andere Aufgabe: { $what }
fit-target = für: { $what }
fit-for-people = für Menschen
fit-other-target = für andere: { $what }
fit-suited = gut für: { $what }
fit-time = { $when } passt
fit-other-time = nur { $when }
fit-time-unknown = Zeiten
fit-negotiable = die Zeiten (die können Sie absprechen)
fit-hours =
    { $count ->
        [one] { $hours } Stunde im Monat
       *[other] { $hours } Stunden im Monat
    }
fit-more-hours =
    { $count ->
        [one] { $hours } Stunde im Monat, das ist mehr als Sie möchten
       *[other] { $hours } Stunden im Monat, das ist mehr als Sie möchten
    }
fit-hours-unknown = Stunden im Monat
fit-other-commitment = anders als Sie möchten: { $what }
fit-age = Ihr Alter passt ({ $age })
fit-requires = Sie brauchen: { $what }

## Geführte Suche

finder-nav = Suche mit Fragen
finder-start = Suche mit Fragen beginnen
finder-lead = Wissen Sie noch nicht, was Sie suchen? Sagen Sie, was für Sie passt. Sie müssen nicht alles beantworten.
guide-any = egal
guide-field = Welches Thema?
guide-activity = Was tun Sie gern?
guide-days = An welchen Tagen?
guide-times = Zu welcher Tageszeit?
guide-need = Was brauchen Sie, damit Sie mitmachen können?
guide-nothing = nichts Besonderes
guide-weekdays = Montag bis Freitag
guide-weekend = am Wochenende
guide-show = Passende Angebote zeigen
guide-long = Lieber eine Frage nach der anderen, mit Bildern
finder-steps = Die 6 Fragen
finder-progress = Frage { $number } von { $all }
finder-mistake = Fehler: { $title }
finder-answered = (beantwortet)
finder-field = Bei welchem Thema möchten Sie helfen?
finder-field-short = Thema
finder-activity = Was machen Sie gern?
finder-activity-short = Was?
finder-target = Wem möchten Sie helfen?
finder-target-short = Für wen?
finder-place = Wo möchten Sie helfen?
finder-place-short = Wo?
finder-time = Wann haben Sie Zeit? Wie viel Zeit haben Sie?
finder-time-short = Wann?
finder-you = Was ist noch wichtig?
finder-you-short = Noch etwas?
finder-choose = Sie dürfen mehrere Felder wählen. Sie dürfen auch nichts wählen.
finder-place-hint = Schreiben Sie Ihre Postleitzahl oder Ihren Ort. Sie dürfen das Feld auch leer lassen.
finder-place-hint-land = Schreiben Sie Ihre Postleitzahl oder Ihren Ort. Sie dürfen das Feld auch leer lassen.
finder-time-hint = Wählen Sie, was meistens geht. Vieles kann man absprechen.
finder-you-hint = Sie müssen hier nichts angeben. Ihre Angaben helfen uns: Wir zeigen dann nur, was für Sie möglich ist. Für manche Aufgaben braucht man ein Führungszeugnis. Sie können es später holen. Es kostet für Sie nichts.
finder-must-field = Nur die gewählten Themen zeigen
finder-must-time = Angebote mit anderen Zeiten nicht zeigen
finder-not-field = Gibt es Themen, die Sie nicht möchten?
finder-not-field-legend = Diese Themen nicht zeigen
finder-from-home = Nur, was ich von zu Hause machen kann
finder-days = An welchen Tagen?
finder-times = Zu welcher Tageszeit?
finder-am = am Vormittag
finder-pm = am Nachmittag
finder-ev = am Abend
finder-hours = Wie viel Zeit haben Sie? Höchstens:
finder-hours-week =
    { $count ->
        [one] ungefähr { $week } Stunde in der Woche, das sind { $hours } Stunden im Monat
       *[other] ungefähr { $week } Stunden in der Woche, das sind { $hours } Stunden im Monat
    }
finder-hours-half = ungefähr eine halbe Stunde in der Woche, das sind { $hours } Stunden im Monat
finder-commitment = Wie oft möchten Sie helfen?
finder-age = Wie alt sind Sie?
finder-age-hint = Manche Aufgaben sind nur für ein bestimmtes Alter.
finder-refused-age = Schreiben Sie eine Zahl von 1 bis 120. Oder lassen Sie das Feld leer.
finder-without = Was haben Sie nicht? Was geht nicht?
finder-needs-open = Brauchen Sie etwas, damit Sie gut mitmachen können?
finder-needs = Das brauche ich
finder-must-need = Nur zeigen, was das sicher hat
finder-suited = Für wen soll es gut sein? Diese Angebote stehen dann weiter oben.
finder-best = Ist schon etwas dabei? Das passt bis jetzt am besten
finder-best-hint = Ist nichts dabei? Dann antworten Sie weiter.
finder-answer = Ihre Antwort
finder-so-far =
    { $count ->
        [0] Zu Ihren Antworten gibt es kein Angebot.
        [one] Zu Ihren Antworten gibt es 1 Angebot.
       *[other] Zu Ihren Antworten gibt es { $shown } Angebote.
    }
finder-unopposed =
    { $count ->
        [0] Bei jedem Angebot passt etwas nicht.
        [one] Bei 1 Angebot passt alles, soweit wir es wissen.
       *[other] Bei { $shown } Angeboten passt alles, soweit wir es wissen.
    }
finder-next = Weiter
finder-show = Angebote ansehen
finder-back = Zurück
finder-skip = Frage überspringen
finder-private = Ihre Antworten stehen nur in der Adresse von dieser Seite. Wir speichern sie nicht.
wish-note = Oben steht, was am besten zu Ihren Antworten passt.
wish-change = Antworten ändern
wish-chip-field = Wunsch: { $what }
wish-chip-only = Nur: { $what }
wish-chip-time = Zeit: { $when }
wish-chip-hours =
    { $count ->
        [one] bis { $hours } Stunde im Monat
       *[other] bis { $hours } Stunden im Monat
    }
wish-chip-not = Nicht: { $what }
wish-chip-need = Das brauche ich: { $what }
wish-chip-need-sure = Das muss sicher da sein: { $what }
wish-sure = Nur Angebote, bei denen das sicher da ist, was ich brauche
wish-chip-without = Ohne: { $what }
empty-finder = Beantworten Sie 6 Fragen. Wir suchen dann für Sie.

## Gewichtung

weights-title = So sortieren wir die Angebote
weights-link = So sortieren wir
weights-lead = Oben stehen die Angebote, die am besten passen. Niemand kann dafür bezahlen, oben zu stehen. Hier sehen Sie alle Zahlen.
weights-caption = So viele Punkte gibt es höchstens
weights-what = Wofür
weights-points = Punkte
weights-why = Warum so viele
weights-field = Wer ein Thema mag, bleibt dabei. Darum zählt das Thema am meisten.
weights-activity = Was Sie gern machen, machen Sie gut.
weights-target = Für viele ist wichtig, wem sie helfen. In vielen Angeboten steht das aber nicht.
weights-suited = Nur wenige Angebote sagen, für wen sie gut sind. Die anderen sollen auch sichtbar bleiben.
weights-time = Wer keine Zeit hat, kann nicht kommen. Zeiten kann man aber oft absprechen.
weights-effort-name = Stunden im Monat
weights-effort = Wie viele Stunden es sind, kann man meist absprechen.
weights-commitment = Manche helfen lieber einmal, andere lieber oft.
weights-distance-name = Entfernung
weights-distance = Den Weg müssen Sie jedes Mal machen.
weights-hurdles-name = Leichter Anfang
weights-hurdles = Manche Menschen haben keine Zeugnisse und keinen Führerschein. Angebote für alle stehen deshalb etwas weiter oben.
weights-freshness-name = Zuletzt bestätigt
weights-freshness = Was vor Kurzem bestätigt wurde, stimmt eher noch.
weights-rules = So zählen wir
weights-several = Sie haben mehrere Dinge gewählt. Passt 1 davon, gibt es { $percent } Prozent der Punkte. Passen 2 oder alle, gibt es alle Punkte.
weights-unknown = Steht in dem Angebot nichts dazu, gibt es { $percent } Prozent der Punkte.
weights-way = Bei { $km } Kilometern gibt es die Hälfte der Punkte für die Entfernung. Was von zu Hause geht, bekommt { $percent } Prozent.
weights-age = Wurde ein Angebot { $days } Tage nicht bestätigt? Dann gibt es bei „Zuletzt bestätigt“ die Hälfte der Punkte.
weights-hurdles-count = Brauchen Sie für ein Angebot 1 Sache? Dann gibt es für „Leichter Anfang“ die Hälfte der Punkte. Brauchen Sie 2 Sachen? Dann gibt es weniger. Gespräch, Ausprobieren und Kurs zählen nicht. Steht bei einem Angebot nicht, dass Anfänger mitmachen können? Dann gibt es { $percent } Prozent der Punkte.
weights-more = Dauert ein Angebot viel länger, als Sie wollen? Dann verliert es bis zu { $percent } Prozent von allen Punkten.
weights-share = Wir zählen nur, was Sie gewählt haben.
weights-gates = Was wir nicht zeigen
weights-gates-lead = Manche Angebote zeigen wir Ihnen nicht. Das hat nichts mit Punkten zu tun:
weights-gate-age = Alter: Ist ein Angebot für ein anderes Alter, zeigen wir es nicht.
weights-gate-field = Themen, die Sie nicht möchten, zeigen wir nicht.
weights-gate-need = Barrierefreiheit: Fehlt etwas, das Sie brauchen, zeigen wir das Angebot nicht. Wissen wir es nicht, verliert das Angebot bis zu { $percent } Prozent seiner Punkte. Wählen Sie „Nur zeigen, was das sicher hat“? Dann zeigen wir es auch nicht.
weights-gate-without = Brauchen Sie für ein Angebot etwas, das Sie nicht haben? Dann zeigen wir es nicht.
weights-gate-must = „Nur“ heißt: Was anders ist, zeigen wir nicht. Nur bei der Barrierefreiheit zeigen wir dann auch nicht, was nichts dazu sagt.
weights-order = Haben 2 Angebote gleich viele Punkte, bleibt die Reihenfolge immer gleich.

## Schalter

desk-title = Schalter
desk-link = Schalter: für die Beratung am Telefon
desk-field = Was suchen Sie?
desk-keys = Schreiben Sie Wörter, dann suchen wir. Schreiben Sie eine Nummer, dann öffnet sich die Zeile. + zeigt die nächsten 5. 0 zeigt die Liste. Drücken Sie danach die Eingabetaste.
desk-go = Los
desk-next = Die nächsten 5
desk-print = Groß drucken
desk-list = Zur Liste (0)
desk-full = Ganze Seite
desk-empty = Schreiben Sie weniger Wörter.
desk-no-more = Mehr Angebote gibt es nicht.
desk-no-line = Die Zeile { $number } gibt es hier nicht.
desk-over = Hier kann gerade niemand mehr mitmachen.
desk-understood = Verstanden: { $what }
desk-where = Ort: { $place }

## Merkliste

kept-title = Merkliste
kept-lead = Diese Angebote haben Sie sich gemerkt. Die Liste ist nur in Ihrem Browser gespeichert. Sie können den Link von dieser Seite weitergeben. Wer den Link hat, sieht die Liste auch.
kept-empty = Hier sehen Sie die Angebote, die Sie sich merken. Drücken Sie dafür bei einem Angebot auf „Merken“. Ihr Browser muss Skripte erlauben. Die Liste ist nur in Ihrem Browser gespeichert.
kept-gone =
    { $count ->
        [one] 1 Angebot von Ihrer Liste gibt es nicht mehr.
       *[other] { $count } Angebote von Ihrer Liste gibt es nicht mehr.
    }
keep = Merken
share = Teilen
share-done = Sie haben den Link jetzt kopiert.
print = Drucken
qr-label = QR-Code mit dem Link zu dieser Seite

## Einbetten

footer-embed = Angebote auf der eigenen Internetseite zeigen
embed-this = Diese Suche auf der eigenen Internetseite zeigen
embed-title = Angebote auf der eigenen Internetseite zeigen
embed-lead = Haben Sie eine eigene Internetseite? Dann können Sie dort Angebote zeigen. Die Angebote bleiben von selbst aktuell. Es gibt dabei keine Cookies. Keine andere Firma bekommt Daten. Darum müssen Ihre Besucher auch nicht zustimmen.
embed-form = Was möchten Sie zeigen?
embed-any = alle
embed-count = Wie viele?
embed-submit = Auswahl anwenden
embed-frame = Als Rahmen
embed-frame-hint = Kopieren Sie diesen Code. Setzen Sie ihn in Ihre Seite. Die Links öffnen sich in einem neuen Tab.
embed-piece = Als Baustein von Ihrem Server
embed-piece-hint = Ihr Server holt den Text von dieser Adresse. Er setzt ihn in Ihre Seite. Der Text sieht dann aus wie Ihre Seite. Ihre Besucher fragen nur Ihren Server.
embed-copy = Kopieren
embed-copied = Sie haben es jetzt kopiert.
embed-preview = So sieht es aus
embed-all = Alle Angebote ansehen
embed-new-tab = Die Links öffnen sich in einem neuen Tab.
embed-nobody = Sie können diese Angebote nicht in einem Rahmen zeigen. Der Betreiber hat das abgeschaltet.
embed-no-address = Diese Seite hat noch keine eigene Adresse im Internet. Darum gibt es hier noch nichts zum Kopieren.

## Schnittstelle

api-title = Daten für Programme
api-lead = Diese Seite ist für Menschen, die Programme schreiben. Die Angebote gibt es hier auch als Daten. Sie brauchen dafür kein Konto.
api-description = Beschreibung für Programme (OpenAPI 3.1)
api-start = So fangen Sie an
api-open = Alle Internetseiten dürfen die Daten lesen (CORS). Niemand kann hier etwas ändern.
api-limit = Wir beantworten aus einem Netz { $count } Anfragen in der Sekunde. Für kurze Zeit geht auch viermal so viel. Danach kommt die Antwort 429. Darin steht, wie lange Sie warten müssen.
api-tags = Jede Antwort hat ein ETag. Fragen Sie damit noch einmal (If-None-Match). Dann kommt nur, was neu ist.
api-errors = Fehler kommen als application/problem+json (RFC 9457). Darin steht auf Deutsch, was Sie tun können.
api-honest = In jeder Antwort steht bei coverage: Wie viele Knoten haben wir durchsucht? Welche fehlen?
api-feeds = Jede Suche gibt es auch als Atom, JSON Feed und Kalender. Schreiben Sie in der Adresse /suche.atom, /suche.json oder /suche.ics.
api-paths = Das können Sie fragen
api-parameters = Angaben
api-required = muss sein
api-answers = Antworten
api-schemas = So sind die Antworten aufgebaut
footer-api = Daten für Programme
