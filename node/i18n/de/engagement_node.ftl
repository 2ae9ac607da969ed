# Alle Texte der Seiten. Zahlen und Tage kommen fertig geschrieben an; `count` wählt nur die Form.

## Rahmen

product = Engagementnetz
skip = Zum Inhalt springen
footer-node = Diese Seite betreibt: { $node }
footer-contact = Fragen und Hinweise:
footer-privacy = Ohne Cookies, ohne Anmeldung, ohne Dienste Dritter. Gesucht wird im eigenen Bestand: Keine andere Stelle erfährt, was Sie suchen.
language-switch = Sprache
quoted = „{ $text }“
title-with-node = { $title } – { $node }

feed-heading = Diese Suche abonnieren
feed-atom = Neues als Atom-Feed
feed-json = Neues als JSON-Feed
feed-calendar = Termine als Kalender
feed-title = Angebote: { $node }
feed-title-words = Angebote: { $words } – { $node }
opensearch-short = Ehrenamt
opensearch-long = Angebote für das Ehrenamt: { $node }

## Start und Orte

start-title = Start
start-heading = Ein Ehrenamt finden
start-lead =
    { $count ->
        [0] Gerade gibt es hier noch keine Angebote. Schauen Sie bald wieder vorbei.
        [one] 1 Angebot wartet auf Sie, aus Ihrer Nähe und dem ganzen Land.
       *[other] { $shown } Angebote warten auf Sie, aus Ihrer Nähe und dem ganzen Land.
    }
start-kinds = { $seek }-mal wird Hilfe gesucht, { $offer }-mal wird Hilfe angeboten.
distances-from = Entfernungen ab der Mitte von { $place } (Luftlinie)
start-fields = Wofür möchten Sie sich einsetzen?
start-new-near = Neu in Ihrer Nähe
start-new = Neu dabei
start-places = Was gibt es wo?
start-places-hint = Je dunkler ein Kreis auf der Karte ist, desto mehr gibt es dort zu tun. Die Liste führt zu denselben Seiten.
start-how = So geht es
start-how-find = Sie suchen nach dem, was Ihnen Freude macht, und nach einem Ort.
start-how-ask = Sie melden sich bei der Stelle, die beim Angebot steht. Dazu brauchen Sie kein Konto.
start-how-go = Sie lernen sich kennen und entscheiden gemeinsam, ob es passt.
area-count =
    { $count ->
        [0] keine Angebote
        [one] 1 Angebot
       *[other] { $shown } Angebote
    }
map-land = Karte von Nordrhein-Westfalen nach Kreisen
map-kreis = Karte: { $name } nach Städten und Gemeinden
map-place = Karte: { $town } ({ $kreis })
map-place-city = Karte: { $town }
map-without = Noch ohne Angebote ({ $count })
map-source = Kartengrundlage: © GeoBasis-DE / BKG 2016, Daten verändert
trail = Sie sind hier
landing-count =
    { $count ->
        [0] Zurzeit gibt es hier keine Angebote.
        [one] Zurzeit gibt es hier 1 Angebot.
       *[other] Zurzeit gibt es hier { $shown } Angebote.
    }
landing-offers = Angebote
landing-all = Alle { $count } Angebote ansehen
landing-fields = Nach Bereich
landing-organisations = Organisationen
landing-some-organisations = Einige der Organisationen
town-heading = Ehrenamt: { $name }
town-neighbours = Nachbarn
kreis-towns = Städte und Gemeinden
field-heading = Ehrenamt: { $name }
field-places = Nach Kreis und Stadt
field-others = Andere Bereiche
organisation-site = Im Internet

## Suche

search-heading = Ein Ehrenamt finden
search-form = Suche nach Angeboten und Gesuchen
search-words = Was?
search-words-hint = zum Beispiel { $word }
search-near = Wo?
search-near-hint = Postleitzahl oder Ort
search-radius = Umkreis
search-radius-any = beliebig
search-radius-km = { $km } km
search-submit = Suchen

results-count =
    { $count ->
        [0] Keine Treffer
        [one] 1 Treffer
       *[other] { $shown } Treffer
    }
results-count-some =
    { $all ->
        [0] Kein Treffer mit allen Wörtern, { $rest } mit einigen
       *[other] { $shown } Treffer mit allen Wörtern, { $rest } mit einigen
    }
results-title-all = { $count } – Ein Ehrenamt finden
results-page = { $title }, Seite { $number }
results-words = für „{ $words }“
results-near = bei { $place }
results-near-radius = im Umkreis von { $km } km um { $place }
results-divider = Ab hier: aus anderen Kommunen
results-divider-remote = Ab hier: aus anderen Kommunen und ortsunabhängig
results-divider-words = Ab hier: nur mit einigen Ihrer Wörter
results-beyond-radius =
    { $count ->
        [one] Außerhalb von { $km } km: 1 weiteres Angebot bis { $far } km
       *[other] Außerhalb von { $km } km: { $shown } weitere Angebote bis { $far } km
    }
results-beyond-place =
    { $count ->
        [one] Außerhalb von { $place }: 1 weiteres Angebot bis { $far } km
       *[other] Außerhalb von { $place }: { $shown } weitere Angebote bis { $far } km
    }
results-beyond-nearest = Das nächste davon:
results-all-words =
    { $count ->
        [0] Kein Angebot enthält alle wichtigen Wörter. Hier stehen Angebote mit den meisten davon.
        [one] Ein Angebot enthält alle wichtigen Wörter. Dazu kommen Angebote mit den meisten davon.
       *[other] { $shown } Angebote enthalten alle wichtigen Wörter. Dazu kommen Angebote mit den meisten davon.
    }
results-corrected = Ergebnisse für „{ $words }“.
results-similar = Für „{ $typed }“ gibt es kaum Treffer. Gesucht wurde auch nach { $words }.
results-exact = Nur nach „{ $words }“ suchen
results-ungroup = Gleichlautende Angebote einzeln zeigen
results-group = Gleichlautende Angebote zusammenfassen
results-next = Weitere Angebote
results-first = Zum Anfang der Liste
results-newest = Neueste zuerst
results-best = Beste zuerst
results-pages = Seiten der Trefferliste

results-namesakes = Den Ortsnamen gibt es mehrmals. Meinten Sie:
results-doubtful = „{ $place }“ ist auch der Name eines Ortes.
results-doubtful-link = Angebote in { $place } zeigen
results-no-words = In Ihrer Suche steht kein Wort, nach dem sich suchen lässt.
texts-german = Die Texte der Organisationen sind auf Deutsch.
results-relaxed = Mit { $filters } gab es keine Treffer. Die Treffer gelten ohne diese Angabe.
results-overridden = Nicht beachtet: { $filters }. Es gilt, was Sie in den Feldern gewählt haben.
results-time-open =
    { $count ->
        [one] Ein Treffer nennt diese Zeit nicht oder nur „nach Absprache“. Er steht weiter unten.
       *[other] { $shown } Treffer nennen diese Zeit nicht oder nur „nach Absprache“. Sie stehen weiter unten.
    }
chips-label = Gewählte Filter
chip-remove = Filter entfernen:
chip-words = Suchwort „{ $words }“
chip-understood = Aus Ihren Wörtern: { $words }
chip-near = Ort: { $place }
chip-near-radius = Ort: { $place }, { $km } km
chip-age = Alter: { $age } Jahre
chip-area = Gebiet: { $area }
chips-clear = Alle entfernen

filters-heading = Filter
filters-chosen =
    { $count ->
        [one] 1 gewählt
       *[other] { $count } gewählt
    }
filters-submit = Filter anwenden
facet-direction = Gesucht oder angeboten?
facet-field = Bereich
facet-activity = Tätigkeit
facet-target = Zielgruppe
facet-commitment = Umfang
facet-mode = Vor Ort oder online?
facet-hours = Stunden im Monat
facet-slot = Wann?
facet-accessibility = Barrierefreiheit
facet-kreis = Kreis oder kreisfreie Stadt
hours-bis-2 = bis 2 Stunden
hours-2-bis-5 = 2 bis 5 Stunden
hours-5-bis-10 = 5 bis 10 Stunden
hours-ueber-10 = über 10 Stunden
slot-we = am Wochenende
direction-seek = Hilfe wird gesucht
direction-offer = Hilfe wird angeboten
other = weitere

empty-heading = Dazu haben wir gerade nichts gefunden.
empty-words = Versuchen Sie ein kürzeres oder allgemeineres Wort, zum Beispiel „{ $short }“ statt „{ $long }“.
empty-radius = Vergrößern Sie den Umkreis, oder lassen Sie ihn weg.
empty-filters = Entfernen Sie einen der gewählten Filter.
empty-incomplete = Es fehlen gerade Angebote einzelner Kommunen; unten steht, welche. Versuchen Sie es später noch einmal.
empty-all = Alle Angebote ansehen
empty-node = Hier gibt es noch keine Angebote. Schauen Sie bald wieder vorbei.

## Karte

badge-offer = Hilfe wird angeboten
badge-seek = Hilfe wird gesucht
badge-some-words = Nur einige Ihrer Wörter
card-suited = Geeignet für:
suited-youths = Jugendliche
badge-soon = Bald gebraucht
badge-emergency = Dringend
card-place-more =
    { $count ->
        [one] { $place } und 1 weiterer Ort
       *[other] { $place } und { $count } weitere Orte
    }
card-distance = { $km } km
card-distance-below = unter 1 km
card-verified = zuletzt bestätigt am { $day }
card-origin = Quelle: { $node }
card-also = Auch in { $places }
card-also-more =
    { $count ->
        [one] Auch in { $places } und noch einmal anderswo
       *[other] Auch in { $places } und noch { $count }-mal anderswo
    }
card-also-here =
    { $count ->
        [one] Noch einmal fast gleichlautend veröffentlicht
       *[other] Noch { $count }-mal fast gleichlautend veröffentlicht
    }
card-when = Wann und wie viel:
card-where = Wo:
card-needed = Nötig: { $what }
card-accessible = Barrierefreiheit:
card-some =
    { $count ->
        [one] { $first } und 1 weiteres
       *[other] { $first } und { $count } weitere
    }
private-person = Privatperson
place-area = Postleitzahlgebiet { $plz }
place-remote = ortsunabhängig
place-unknown = ohne Ortsangabe

## Vollständigkeit

coverage-line = Vollständig: { $complete } von { $nodes } Knoten (Städte, Kreise und andere)
coverage-as-of = Stand: { $moment }
coverage-missing = es fehlt: { $name }, Stand { $moment }
coverage-unsearched = es fehlt: Neues von { $name }, hier noch nicht durchsuchbar
coverage-never = es fehlt: { $name }, noch nie empfangen
coverage-more =
    { $count ->
        [one] und 1 weiterer Knoten
       *[other] und { $count } weitere Knoten
    }
coverage-explain = Ein Knoten ist das Programm, mit dem eine Kommune, ein Kreis oder ein Träger Angebote zeigt und austauscht. Fehlt einer, sehen Sie von ihm den letzten Stand, den wir haben.

## Angebot

offer-back-results = Zurück zu den Treffern
offer-back = Neue Suche
offer-similar = Ähnliche Angebote
offer-organisation = Alle Angebote der Organisation
report-link = Stimmt hier etwas nicht? Der Redaktion melden
report-subject = Meldung: { $title } ({ $id })
origin-share = Link zum Weitergeben
offer-jump = So melden Sie sich
offer-description = Beschreibung
offer-tasks = Ihre Aufgaben
offer-tasks-offer = Das biete ich an
offer-plain = In einfacher Sprache
glance-heading = Passt das zu mir?
glance-time = Zeit
glance-dates-more =
    { $count ->
        [one] und 1 weiterer Termin
       *[other] und { $count } weitere Termine
    }
glance-amount = Umfang
glance-places =
    { $count ->
        [one] Ort
       *[other] Orte
    }
glance-places-remote = Sie müssen dafür nirgendwohin. Der Ort sagt nur, woher das Angebot kommt.
glance-seats = Plätze
glance-apply = Anmelden bis
glance-age = Alter
glance-languages = Sprachen
glance-requirements = Voraussetzungen
explain-fuehrungszeugnis = Das erweiterte Führungszeugnis sagt, ob jemand Vorstrafen hat. Sie beantragen es beim Bürgerbüro. Für Ehrenamtliche ist es kostenfrei, wenn die Organisation schriftlich bestätigt, dass sie es braucht.
explain-masern = Masernschutz heißt: Sie sind gegen Masern geimpft, hatten sie schon oder sind vor 1971 geboren. Wer nicht geimpft werden kann, braucht eine ärztliche Bescheinigung.
explain-belehrung43 = Die Belehrung ist ein kurzer Unterricht beim Gesundheitsamt, oft online: Wie gehe ich mit Lebensmitteln um, ohne jemanden anzustecken?
glance-accessibility = Barrierefreiheit
glance-benefits = Das bekommen Sie
glance-suited = Geeignet für
glance-fields = Bereich
glance-activities = Tätigkeit
glance-targets = Zielgruppe
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
hours-flexible = Zeit frei einteilbar
hours-minutes = { $minutes } Minuten
hours-once =
    { $count ->
        [one] { $hours } Stunde
       *[other] { $hours } Stunden
    }
times =
    { $count ->
        [1] einmal
        [2] zweimal
       *[other] { $count }-mal
    }
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
accessibility-unknown = { $what }: unbekannt
accessibility-none = Keine Angaben. Fragen Sie nach, was Sie brauchen.
accessibility-ask = Fragen Sie nach, wenn etwas unbekannt ist oder fehlt.
language-welcome = { $language } (hilfreich)
language-needed = { $language } (nötig)
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
       *[other] andere Sprache
    }

contact-heading = So melden Sie sich
contact-role = Ansprechstelle: { $role }
contact-mail = Ihre E-Mail geht an: { $node }
contact-forwarded = Ihre E-Mail liest zuerst { $node } und gibt sie an { $organisation } weiter.
contact-forwarded-private = Ihre E-Mail liest zuerst { $node } und gibt sie an die Privatperson weiter.
contact-mail-link = E-Mail schreiben
contact-mail-subject = Ehrenamt: { $title } ({ $id })
contact-mail-hint = Nennen Sie den Titel und, wenn angegeben, die Ansprechstelle. Ein Satz genügt: wer Sie sind und wann man Sie erreicht.
contact-page = Seite des Angebots:
contact-organisation = Seite der Organisation:
contact-origin-page = Original ansehen: { $node }
contact-none = Zu diesem Angebot ist keine Kontaktadresse hinterlegt.

origin-heading = Herkunft
origin-node = Veröffentlicht von
origin-verified = Zuletzt bestätigt am
origin-valid = Gültig bis
origin-updated = Zuletzt geändert am
origin-id = Kennung
origin-licence = Lizenz
origin-copy = Hier sehen Sie eine geprüfte, unveränderte Kopie.

## Vorbei

over-paused = Dieses Angebot macht gerade Pause.
over-filled = Alle Plätze sind besetzt.
over-expired = Dieses Angebot ist am { $day } abgelaufen.
over-paused-hint = Vielleicht geht es später weiter. Bis dahin gibt es anderes zu tun.
over-filled-hint = Schön, dass so viele mitmachen. Anderswo werden noch Menschen gebraucht.
over-expired-hint = Der Termin ist vorbei, oder niemand hat bestätigt, dass es noch gilt. Anderswo werden Menschen gebraucht.
over-search = Ähnliche Angebote suchen

## Rechtliches

easy-link = Leichte Sprache
easy-title = Leichte Sprache
imprint-title = Impressum
imprint-missing = { $node } hat noch kein Impressum hinterlegt.
imprint-write = Fragen Sie bis dahin hier:
privacy-title = Datenschutz
privacy-lead = Diese Seiten kommen ohne Konto, ohne Cookies und ohne Dienste Dritter aus. Was das heißt, steht hier.
privacy-visit = Wenn Sie diese Seiten ansehen
privacy-visit-none = Wir setzen keine Cookies und zählen keine Besuche. Unser Programm schreibt weder Ihre Adresse im Internet noch Ihre Suchwörter in ein Protokoll.
privacy-visit-limit = Damit niemand den Dienst überlastet, zählen wir kurze Zeit im Arbeitsspeicher, wie viele Anfragen aus einem Netz kommen. Gespeichert wird das nicht.
privacy-search = Wenn Sie suchen
privacy-search-local = Gesucht wird im Bestand, der hier liegt. Keine andere Stelle erfährt, was Sie suchen.
privacy-search-link = Ihre Suche steht in der Adresse der Seite, damit Sie sie als Link weitergeben können. Wer den Link hat, sieht die Suche.
privacy-offers = Was in den Angeboten steht
privacy-offers-public = Veröffentlicht werden nur Angaben zum Angebot und zur Organisation. Felder für Namen, Telefonnummern oder E-Mail-Adressen von Personen gibt es nicht.
privacy-offers-gone = Wird ein Angebot zurückgezogen, verschwindet es auch von den Seiten der anderen Kommunen im Netz.
privacy-operator = Angaben des Betreibers
privacy-missing = { $node } hat noch keine eigenen Angaben zum Datenschutz hinterlegt, zum Beispiel zur verantwortlichen Stelle und zu Ihren Rechten.
privacy-write = Fragen zum Datenschutz:
access-title = Barrierefreiheit
access-lead = Diese Erklärung gilt für die Seiten von { $node } im Engagementnetz. Grundlage sind das Behindertengleichstellungsgesetz und die Barrierefreie-Informationstechnik-Verordnung Nordrhein-Westfalen.
access-state = Wie barrierefrei sind die Seiten?
access-state-partly = Die Seiten sind mit den Anforderungen teilweise vereinbar.
access-state-tests = Wir bauen sie nach den Richtlinien WCAG 2.2, Stufe AA. Bei jeder Änderung prüft ein Programm die wichtigsten Seiten, auch auf dem Telefon und in dunkler Darstellung. Ein Programm findet nur einen Teil der Barrieren.
access-limits = Was ist noch nicht barrierefrei?
access-limits-texts = Die Texte der Angebote schreiben die Organisationen. Sie sind nicht immer leicht zu verstehen, und Angaben zur Barrierefreiheit fehlen oft.
access-limits-map = Karten sind ein zusätzlicher Weg. Dieselben Links stehen immer als Liste daneben.
access-limits-easy = In Leichter Sprache gibt es eine Seite. Der Link steht oben auf jeder Seite; eine Prüfgruppe hat den Text noch nicht geprüft. Videos in Deutscher Gebärdensprache gibt es noch nicht.
access-operator = Prüfung durch Menschen
access-missing = { $node } hat noch nicht angegeben, ob Menschen diese Seiten geprüft haben.
access-write = Sind Sie auf eine Barriere gestoßen? Schreiben Sie uns:
access-subject = Barriere melden
access-ombud = Wenn wir Ihnen nicht helfen
access-ombud-when = Sind Sie mit unserer Antwort nicht zufrieden, hilft Ihnen die Ombudsstelle kostenlos.
access-ombud-who = Ombudsstelle für barrierefreie Informationstechnik des Landes Nordrhein-Westfalen:

## Fehler

not-found-title = Seite nicht gefunden
not-found-heading = Diese Seite gibt es nicht.
not-found-hint = Vielleicht fehlt ein Teil der Adresse, oder die Seite ist umgezogen. Suchen Sie hier weiter:
unknown-title = Angebot nicht gefunden
unknown-heading = Dieses Angebot gibt es hier nicht.
unknown-hint = Es wurde zurückgezogen, oder ein Teil der Adresse fehlt. Suchen Sie hier weiter:
gone-title = Angebot beendet
gone-heading = Dieses Angebot gibt es nicht mehr.
gone-hint = Es wurde zurückgezogen oder ist abgelaufen. Ähnliche finden Sie über die Suche:
refused-title = Fehler: Bitte ändern Sie Ihre Suche
refused-heading = Bitte ändern Sie Ihre Suche.
refused-hint = Wir konnten sie so nicht ausführen:
refused-radius = Ein Umkreis braucht einen Ort: Füllen Sie das Feld „Wo?“ aus, oder wählen Sie den Umkreis „beliebig“.
refused-radius-bad = Die Entfernung muss eine Zahl sein. Wählen Sie sie noch einmal.
refused-radius-wide = Die Entfernung darf höchstens { $km } km sein. Wählen Sie sie noch einmal.
refused-text = In Ihrer Suche stehen Zeichen, die wir nicht lesen können. Geben Sie sie bitte noch einmal ein.
refused-other = Die Angabe „{ $name }“ in der Adresse dieser Seite ist nicht zu verstehen. Beginnen Sie die Suche neu.
refused-words = Die Suche ist zu lang, oder ein * steht an der falschen Stelle. Möglich sind 200 Zeichen, 16 Wörter und zwei Wörter mit * am Ende.
refused-near = Den Ort „{ $place }“ kennen wir nicht. Geben Sie eine Postleitzahl oder einen Ort in Nordrhein-Westfalen an.
busy-title = Zu viele Anfragen
busy-heading = Das waren gerade zu viele Anfragen.
busy-hint = Warten Sie ein paar Sekunden, und laden Sie die Seite dann neu. Aus Ihrem Netz kamen mehr Anfragen, als wir auf einmal beantworten; vielleicht teilen Sie es mit anderen.
slow-title = Das hat zu lange gedauert
slow-heading = Das hat zu lange gedauert.
slow-hint = Unser Rechner ist gerade überlastet. Versuchen Sie es in einer Minute noch einmal.
large-title = Das war zu viel auf einmal
large-heading = Das war zu viel auf einmal.
large-hint = So viel Text nimmt diese Seite nicht an. Kürzen Sie ihn, und versuchen Sie es noch einmal.
long-title = Die Adresse ist zu lang
long-heading = Die Adresse dieser Seite ist zu lang.
long-hint = Wählen Sie weniger auf einmal aus, oder suchen Sie hier neu:
headers-title = Ihr Browser hat zu viel geschickt
headers-heading = Ihr Browser hat mehr mitgeschickt, als wir lesen.
headers-hint = Löschen Sie die Cookies für diese Seite, oder öffnen Sie sie in einem privaten Fenster. Wir selbst setzen keine Cookies.
away-heading = Wir sind gleich wieder da.
away-hint = Diese Seiten werden gerade gewartet. Versuchen Sie es in ein paar Minuten noch einmal.
fault-title = Fehler
fault-heading = Das hat leider nicht geklappt.
fault-hint = Der Fehler liegt bei uns. Versuchen Sie es in ein paar Minuten noch einmal.
fault-number = Wenn Sie uns den Fehler melden, nennen Sie bitte diese Nummer:

## Netz

network-title = Das Netz
network-summary = { $complete } von { $nodes } Knoten sind vollständig.
network-lead = Ein Knoten ist das Programm, mit dem eine Kommune, ein Kreis oder ein Träger Angebote zeigt und austauscht. Dieser Knoten hält geprüfte Kopien aller anderen und sucht nur in ihnen. Hier steht, wie aktuell sie sind.
network-complete = Vollständig ({ $count })
network-complete-explain = Alles, was diese Knoten veröffentlicht haben, ist hier zu finden.
network-late = Im Rückstand ({ $count })
network-late-explain = Diese Knoten haben Neues angekündigt, das hier noch nicht angekommen ist. Bis dahin sehen Sie den vorigen Stand.
network-unreachable = Nicht erreichbar ({ $count })
network-unreachable-explain = Diese Knoten antworten nicht. Sie sehen ihren letzten geprüften Stand; abgelaufene Angebote zeigen wir nicht.
network-never = Noch nie empfangen ({ $count })
network-never-explain = Von diesen Knoten ist noch nichts angekommen. Ihre Angebote fehlen in der Suche.
network-suspended = Gesperrt ({ $count })
network-suspended-explain = Ein Register hat diese Knoten gesperrt. Ihre Angebote zeigen wir nicht; die letzte Kopie bleibt als Beleg erhalten.
network-lying = Widersprüchlich ({ $count })
network-lying-explain = Unter dem Schlüssel dieser Knoten wurden zwei verschiedene Stände mit derselben Nummer unterschrieben, oder jemand anders unterschreibt mit ihm. Das darf nicht vorkommen. Wir zeigen den ersten Stand; der Betreiber ist benachrichtigt.
network-facts-now = { $offers }, gerade bestätigt
network-facts = { $offers }, zuletzt bestätigt { $age }
network-facts-none = noch keine Angebote empfangen
network-facts-hidden = nicht gezeigt: { $offers }
network-source = (über { $relay })
network-receipts-all = Unser neuester Stand ist bei { $arrived } von { $nodes } Knoten angekommen.
network-receipts = Unser neuester Stand ist bei { $arrived } von { $nodes } Knoten angekommen; es fehlen: { $missing }.
network-ago-minutes = vor { $count } Minuten
network-ago-hours = vor { $count } Stunden
network-ago-days = vor { $count } Tagen
footer-network = Das Netz: wer mitmacht und wie aktuell alles ist

## Warum ein Treffer gefunden wurde

why = Gefunden wegen: { $words }
why-lacks = Es fehlt: { $words }
why-exact = „{ $word }“ { $part }
why-form = „{ $word }“ in anderer Form { $part }
why-within = „{ $word }“ als Teil eines Wortes { $part }
why-part = ein Teil von „{ $word }“ { $part }
why-parts = „{ $word }“ als Wortteile { $part }
why-synonym = „{ $word }“ als „{ $other }“ { $part }
why-typo = „{ $word }“ gelesen als „{ $other }“ { $part }
why-title = im Titel
why-summary = in der Kurzfassung
why-labels = bei Bereich, Zielgruppe oder „Geeignet für“
why-organisation = im Namen der Organisation
why-place = beim Ort
why-text = in der Beschreibung

## Warum etwas passt

fit-for = Passt:
fit-against = Zu beachten:
fit-unknown = Nicht bekannt:
fit-distance = { $distance } Luftlinie
fit-from-home = von zu Hause aus
fit-place = Ort
fit-field = Bereich { $what }
fit-other-field = anderer Bereich: { $what }
fit-activity = Tätigkeit: { $what }
fit-other-activity = andere Tätigkeit: { $what }
fit-target = für: { $what }
fit-for-people = für Menschen
fit-other-target = für andere Menschen: { $what }
fit-suited = geeignet für: { $what }
fit-time = { $when } passt
fit-other-time = nur { $when }
fit-time-unknown = Zeiten
fit-negotiable = Zeiten (lassen sich absprechen)
fit-hours =
    { $count ->
        [one] { $hours } Stunde im Monat
       *[other] { $hours } Stunden im Monat
    }
fit-more-hours =
    { $count ->
        [one] { $hours } Stunde im Monat, mehr als gewünscht
       *[other] { $hours } Stunden im Monat, mehr als gewünscht
    }
fit-hours-unknown = Stunden im Monat
fit-other-commitment = anders als gewünscht: { $what }
fit-age = Alter passt ({ $age })
fit-requires = { $what } nötig

## Geführte Suche

finder-nav = Geführte Suche
finder-start = Geführte Suche beginnen
finder-lead = Sie wissen noch nicht, was Sie suchen? Sagen Sie, was für Sie passt. Alles darf offen bleiben.
guide-any = egal
guide-field = Wofür?
guide-activity = Was tun Sie gern?
guide-days = An welchen Tagen?
guide-times = Zu welcher Tageszeit?
guide-need = Was brauchen Sie, um mitzumachen?
guide-nothing = nichts Besonderes
guide-weekdays = Montag bis Freitag
guide-weekend = am Wochenende
guide-show = Passende Angebote zeigen
guide-long = Lieber Frage für Frage, mit Bildern
finder-steps = Die sechs Fragen
finder-progress = Frage { $number } von { $all }
finder-mistake = Fehler: { $title }
finder-answered = (beantwortet)
finder-field = Wofür möchten Sie sich einsetzen?
finder-field-short = Wofür?
finder-activity = Was tun Sie gern?
finder-activity-short = Was?
finder-target = Für wen möchten Sie da sein?
finder-target-short = Für wen?
finder-place = Wo möchten Sie helfen?
finder-place-short = Wo?
finder-time = Wann haben Sie Zeit, und wie viel?
finder-time-short = Wann?
finder-you = Was sollen wir noch beachten?
finder-you-short = Sonst noch?
finder-choose = Wählen Sie eines oder mehrere aus, oder gehen Sie einfach weiter.
finder-place-hint = Ohne Angabe zählen wir die Entfernung von der Mitte unserer Stadt oder Gemeinde aus.
finder-place-hint-land = Ohne Angabe suchen wir im ganzen Gebiet, ohne auf Entfernungen zu achten.
finder-time-hint = Wählen Sie, was meistens geht. Vieles lässt sich absprechen.
finder-you-hint = Alles ist freiwillig. Alter, und was nicht geht, lässt Angebote weg, die für Sie nicht möglich sind. Ein Führungszeugnis müssen Sie nicht schon haben: Es ist für Engagierte kostenlos.
finder-must-field = Nur die gewählten Bereiche zeigen
finder-must-time = Angebote mit anderen Zeiten weglassen
finder-not-field = Gibt es Bereiche, die für Sie nicht infrage kommen?
finder-not-field-legend = Diese Bereiche weglassen
finder-from-home = Nur, was ich von zu Hause aus tun kann
finder-days = An welchen Tagen?
finder-times = Zu welcher Tageszeit?
finder-am = vormittags
finder-pm = nachmittags
finder-ev = abends
finder-hours = Wie viel Zeit möchten Sie höchstens geben?
finder-hours-week =
    { $count ->
        [one] etwa { $week } Stunde in der Woche ({ $hours } im Monat)
       *[other] etwa { $week } Stunden in der Woche ({ $hours } im Monat)
    }
finder-hours-half = etwa eine halbe Stunde in der Woche ({ $hours } im Monat)
finder-commitment = Wie möchten Sie sich einbringen?
finder-age = Wie alt sind Sie?
finder-age-hint = Manche Aufgaben haben eine Altersgrenze.
finder-refused-age = Geben Sie Ihr Alter als Zahl von 1 bis 120 an, oder lassen Sie das Feld leer.
finder-without = Was haben Sie nicht, oder was geht bei Ihnen nicht?
finder-needs-open = Brauchen Sie etwas, damit Sie gut mitmachen können?
finder-needs = Das brauche ich
finder-must-need = Nur zeigen, was das sicher hat
finder-suited = Für wen soll es geeignet sein? Angebote, die das angeben, stehen weiter vorn.
finder-best = Schon etwas dabei? Das passt bisher am besten
finder-best-hint = Nichts dabei? Dann beantworten Sie weitere Fragen.
finder-answer = Ihre Antwort
finder-so-far =
    { $count ->
        [0] Mit Ihren bisherigen Antworten gibt es kein Angebot.
        [one] Mit Ihren bisherigen Antworten gibt es 1 Angebot.
       *[other] Mit Ihren bisherigen Antworten gibt es { $shown } Angebote.
    }
finder-unopposed =
    { $count ->
        [0] Keines davon passt zu allen Ihren Wünschen.
        [one] Eines davon passt zu allen Ihren Wünschen, soweit wir es wissen.
       *[other] { $shown } davon passen zu allen Ihren Wünschen, soweit wir es wissen.
    }
finder-next = Weiter
finder-show = Ergebnisse ansehen
finder-back = Zurück
finder-skip = Frage überspringen
finder-private = Ihre Antworten stehen nur in der Adresse dieser Seite. Wir speichern sie nicht.
wish-note = Was am besten zu Ihren Antworten passt, steht oben.
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
wish-chip-need = Nötig: { $what }
wish-chip-need-sure = Muss sicher vorhanden sein: { $what }
wish-sure = Nur Angebote, bei denen alles Nötige sicher vorhanden ist
wish-chip-without = Ohne: { $what }
empty-finder = Beantworten Sie sechs Fragen; wir suchen, was passt.

## Gewichtung

weights-title = Wie wir sortieren, was zu Ihnen passt
weights-link = So sortieren wir
weights-lead = Nach der geführten Suche steht oben, was am besten zu Ihren Antworten passt. Niemand kann einen Platz weiter oben kaufen. Hier steht jede Zahl, nach der sortiert wird.
weights-caption = Punkte, die es höchstens gibt
weights-what = Wonach
weights-points = Punkte
weights-why = Warum so viele
weights-field = Wer sich für eine Sache einsetzt, bleibt dabei: Das Interesse zählt am meisten.
weights-activity = Was jemand gern tut, gelingt gut.
weights-target = Für wen man da ist, ist vielen wichtig; bei der Hälfte der Angebote steht es nicht.
weights-suited = Nur wenige Angebote sagen, für wen sie geeignet sind. Die anderen sollen deshalb nicht verschwinden.
weights-time = Wer keine Zeit hat, kann nicht kommen. Zeiten lassen sich aber oft absprechen.
weights-effort-name = Stunden im Monat
weights-effort = Wie viele Stunden es werden, lässt sich meist absprechen.
weights-commitment = Manche helfen lieber einmal, andere regelmäßig.
weights-distance-name = Entfernung
weights-distance = Den Weg legen Sie jedes Mal zurück.
weights-hurdles-name = Leichter Einstieg
weights-hurdles = Wer nichts zu Zeugnissen und Führerscheinen gesagt hat, hat vielleicht keine. Was alle anfangen können, steht deshalb etwas weiter oben.
weights-freshness-name = Zuletzt bestätigt
weights-freshness = Was vor Kurzem bestätigt wurde, stimmt eher noch. Das entscheidet nur, wenn sonst alles gleich ist.
weights-rules = So zählen wir
weights-several = Haben Sie mehreres gewählt und trifft eines davon zu, gibt es { $percent } Prozent der Punkte; treffen zwei oder alle zu, gibt es alle.
weights-unknown = Sagt ein Angebot nichts dazu, gibt es { $percent } Prozent: Unbekannt ist weder ja noch nein.
weights-way = Bei { $km } Kilometern Luftlinie gibt es noch die Hälfte der Punkte für die Entfernung. Was von zu Hause aus geht, bekommt { $percent } Prozent.
weights-age = Nach { $days } Tagen ohne Bestätigung gibt es noch die Hälfte der Punkte dafür.
weights-hurdles-count = Leichter Einstieg: Eine Voraussetzung lässt die Hälfte der Punkte, zwei lassen ein Drittel. Gespräch, Schnuppern und Einführungskurs zählen nicht. Sagt ein Angebot nicht, dass Menschen ohne Vorerfahrung willkommen sind, gibt es davon { $percent } Prozent.
weights-more = Braucht ein Angebot doppelt so viele Stunden wie gewünscht oder mehr, verliert es { $percent } Prozent aller Punkte; dazwischen entsprechend weniger.
weights-share = Es zählt nur, was Sie gewählt haben: Wie viele der möglichen Punkte ein Angebot bekommt, bestimmt seinen Platz.
weights-gates = Was wir weglassen
weights-gates-lead = Manches ist keine Frage von Punkten. Diese Angaben nehmen Angebote heraus und bringen nie Punkte:
weights-gate-age = Alter: Was für ein anderes Alter gedacht ist, fällt weg.
weights-gate-field = Bereiche, die für Sie nicht infrage kommen, fallen weg.
weights-gate-need = Barrierefreiheit: Was ausdrücklich fehlt, fällt weg. Ist es unbekannt, bleibt das Angebot stehen und verliert bis zu { $percent } Prozent seiner Punkte; mit „Nur zeigen, was das sicher hat“ fällt es auch weg. Was von zu Hause aus geht, braucht keinen barrierefreien Ort.
weights-gate-without = Voraussetzungen, die Sie nicht erfüllen, fallen weg. Wer keinen Führerschein für Autos hat, hat auch keinen für Busse.
weights-gate-must = „Nur“ heißt nur: Was ausdrücklich anders ist, fällt weg; was nichts dazu sagt, bleibt. Allein bei der Barrierefreiheit fällt mit „Nur“ auch weg, was nichts dazu sagt.
weights-order = Bei gleich vielen Punkten bleibt die Reihenfolge immer dieselbe. Zufall gibt es nicht.

## Schalter

desk-title = Schalter
desk-link = Schalter: für die Beratung am Telefon
desk-field = Was wird gesucht?
desk-keys = Wörter suchen. Eine Nummer öffnet die Zeile, + zeigt die nächsten fünf, 0 zeigt die Liste wieder. Jedes Mal mit der Eingabetaste.
desk-go = Los
desk-next = Nächste fünf
desk-print = Groß drucken
desk-list = Zur Liste (0)
desk-full = Ganze Seite
desk-empty = Versuchen Sie weniger Wörter.
desk-no-more = Weitere Angebote gibt es nicht.
desk-no-line = Eine Zeile { $number } gibt es auf dieser Seite nicht.
desk-over = Hier kann zurzeit niemand mehr mitmachen.
desk-understood = Verstanden: { $what }
desk-where = Ort: { $place }

## Merkliste

kept-title = Merkliste
kept-lead = Das haben Sie sich gemerkt. Die Liste liegt nur in Ihrem Browser; wer den Link dieser Seite hat, sieht sie auch.
kept-empty = Hier stehen die Angebote, die Sie sich merken. Wählen Sie dazu bei einem Angebot „Merken“; Ihr Browser muss Skripte zulassen. Die Liste liegt nur in Ihrem Browser.
kept-gone =
    { $count ->
        [one] 1 gemerktes Angebot gibt es nicht mehr.
       *[other] { $count } gemerkte Angebote gibt es nicht mehr.
    }
keep = Merken
share = Teilen
share-done = Der Link ist kopiert.
print = Drucken
qr-label = QR-Code mit dem Link dieser Seite

## Einbetten

footer-embed = Angebote auf der eigenen Seite zeigen
embed-this = Diese Suche auf der eigenen Seite zeigen
embed-title = Auf der eigenen Seite zeigen
embed-lead = Zeigen Sie Angebote auf der Seite Ihrer Organisation oder Ihrer Stadt. Sie bleiben dort von selbst aktuell. Es werden keine Cookies gesetzt und keine anderen Stellen gefragt; eine Einwilligung ist dafür nicht nötig.
embed-form = Was soll gezeigt werden?
embed-any = alle
embed-count = Wie viele?
embed-submit = Übernehmen
embed-frame = Als Rahmen
embed-frame-hint = Setzen Sie diesen Code in Ihre Seite. Im Rahmen läuft kein Skript; Links öffnen sich in einem neuen Tab.
embed-piece = Als Baustein von Ihrem Server
embed-piece-hint = Ihr Server ruft diese Adresse ab und setzt das Ergebnis unverändert in die Seite. Es ist HTML ohne Skripte und ohne Gestaltung; so sieht es aus wie Ihre Seite. Besucherinnen und Besucher fragen dann nur Ihren Server.
embed-copy = Kopieren
embed-copied = Kopiert.
embed-preview = Vorschau ansehen
embed-all = Alle Angebote ansehen
embed-new-tab = Links öffnen sich in einem neuen Tab.
embed-nobody = Dieser Knoten lässt sich nicht in Rahmen zeigen: Sein Betreiber hat das abgeschaltet.
embed-no-address = Dieser Knoten hat noch keine öffentliche Adresse. Deshalb gibt es hier noch nichts zu kopieren.

## Schnittstelle

api-title = Schnittstelle
api-lead = Was auf diesen Seiten steht, gibt es auch als Daten: ohne Anmeldung, ohne Schlüssel, für jeden Zweck. Diese Seite entsteht aus der Beschreibung, die das Programm von sich selbst gibt.
api-description = Beschreibung für Programme (OpenAPI 3.1)
api-start = So geht es los
api-open = Jede Seite darf die Daten lesen (CORS). Geändert werden kann hier nichts.
api-limit = Aus einem Netz beantworten wir im Mittel { $count } Anfragen in der Sekunde, kurzzeitig das Vierfache. Danach kommt 429 mit der Zeit bis zum nächsten Versuch.
api-tags = Antworten tragen ein ETag: Fragen Sie mit If-None-Match, und Unverändertes kommt nicht noch einmal.
api-errors = Fehler kommen als application/problem+json (RFC 9457) mit einer festen Art und einem deutschen Satz, der sagt, was zu tun ist.
api-honest = Jede Antwort sagt unter coverage, über wie viele Knoten sie geht und welche fehlen.
api-feeds = Jede Suche gibt es auch als Atom, JSON Feed und Kalender: Ersetzen Sie in ihrer Adresse /suche durch /suche.atom, /suche.json oder /suche.ics.
api-paths = Was man fragen kann
api-parameters = Parameter
api-required = nötig
api-answers = Antworten
api-schemas = Aufbau der Antworten
footer-api = Schnittstelle für Programme
