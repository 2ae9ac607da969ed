# All texts of the pages. Numbers and days arrive already written; `count` only chooses the form.
# German proper names stay, with a short explanation where a newcomer needs one. Quotations are “ ”.

## Frame

product = Engagementnetz
skip = Skip to content
footer-node = This site is run by: { $node }
footer-contact = Questions and comments:
footer-privacy = No cookies, no sign-in, no third-party services. We search only our own data: nobody else learns what you are looking for.
language-switch = Language
quoted = “{ $text }”
title-with-node = { $title } – { $node }

feed-heading = Follow this search
feed-atom = New opportunities as an Atom feed
feed-json = New opportunities as a JSON feed
feed-calendar = Dates as a calendar
feed-title = Opportunities: { $node }
feed-title-words = Opportunities: { $words } – { $node }
opensearch-short = Volunteering
opensearch-long = Volunteering opportunities: { $node }

## Start and places

start-title = Home
start-heading = Find volunteer work
start-lead =
    { $count ->
        [0] Volunteering means: you help without pay. There are no opportunities here at the moment. Please come back soon.
        [one] Volunteering means: you help without pay. 1 opportunity is waiting for you, from nearby and across the state.
       *[other] Volunteering means: you help without pay. { $shown } opportunities are waiting for you, from nearby and across the state.
    }
start-kinds = Help is needed in { $seek } of them and offered in { $offer }.
distances-from = Distances are from the centre of { $place }, in a straight line.
start-fields = What would you like to support?
start-new-near = New near you
start-new = New here
start-places = What is there, and where?
start-places-hint = The darker a district (Kreis) is on the map, the more there is to do there. The list leads to the same pages.
start-how = How it works
start-how-find = You search for something you enjoy, and for a place.
start-how-ask = You get in touch with the contact named in the opportunity. You need no account for this.
start-how-go = You get to know each other and decide together whether it is a good match.
area-count =
    { $count ->
        [0] no opportunities
        [one] 1 opportunity
       *[other] { $shown } opportunities
    }
map-land = Map of North Rhine-Westphalia by district (Kreis)
map-kreis = Map: { $name } by town and municipality
map-place = Map: { $town } ({ $kreis })
map-place-city = Map: { $town }
map-without = Nothing on offer yet ({ $count })
map-source = Base map: © GeoBasis-DE / BKG 2016, data modified
trail = You are here
landing-count =
    { $count ->
        [0] There are no opportunities here at the moment.
        [one] There is 1 opportunity here at the moment.
       *[other] There are { $shown } opportunities here at the moment.
    }
landing-offers = Opportunities
landing-all = See all { $count } opportunities
landing-fields = By topic
landing-organisations = Organisations
landing-some-organisations = Some of the organisations
town-heading = Volunteering in { $name }
town-neighbours = Neighbouring municipalities
kreis-towns = Towns and municipalities
field-heading = Volunteering: { $name }
field-places = By district (Kreis) and city
field-others = Other topics
organisation-site = On the web

## Search

search-heading = Find volunteer work
search-form = Search for help needed and help offered
search-words = What?
search-words-hint = in German, for example { $word } (reading aloud on Tuesdays)
search-near = Where?
search-near-hint = Postcode or town
search-radius = Distance
search-radius-any = any
search-radius-km = { $km } km
search-submit = Search

results-count =
    { $count ->
        [0] No results
        [one] 1 result
       *[other] { $shown } results
    }
results-count-some =
    { $all ->
        [0] No result with all words, { $rest } with some
        [one] 1 result with all words, { $rest } with some
       *[other] { $shown } results with all words, { $rest } with some
    }
results-title-all = { $count } – Find volunteer work
results-page = { $title }, page { $number }
results-words = for “{ $words }”
results-near = near { $place }
results-near-radius = within { $km } km of { $place }
results-divider = From here on: from other municipalities
results-divider-remote = From here on: from other municipalities, and from anywhere
results-divider-words = From here on: with only some of your words
results-beyond-radius =
    { $count ->
        [one] Beyond { $km } km: 1 more opportunity within { $far } km
       *[other] Beyond { $km } km: { $shown } more opportunities within { $far } km
    }
results-beyond-place =
    { $count ->
        [one] Outside { $place }: 1 more opportunity within { $far } km
       *[other] Outside { $place }: { $shown } more opportunities within { $far } km
    }
results-beyond-nearest = The nearest of them:
results-all-words =
    { $count ->
        [0] No opportunity contains all important words. These opportunities contain most of them.
        [one] One opportunity contains all important words. It is followed by opportunities with most of them.
       *[other] { $shown } opportunities contain all important words. They are followed by opportunities with most of them.
    }
results-corrected = Results for “{ $words }”.
results-similar = There are hardly any results for “{ $typed }”. We also searched for { $words }.
results-exact = Search only for “{ $words }”
results-ungroup = Show opportunities with the same wording one by one
results-group = Show opportunities with the same wording together
results-next = More opportunities
results-first = Back to the start of the list
results-newest = Newest first
results-best = Best first
results-pages = Pages of results

results-namesakes = There are several places with this name. Did you mean:
results-doubtful = “{ $place }” is also the name of a town.
results-doubtful-link = Show opportunities in { $place }
results-no-words = There is no word in your search that can be looked for.
texts-german = Organisations write their offers in German. Not everybody there speaks English, but you can ask: short, plain English or simple German is fine.
results-relaxed = There were no results with { $filters }. The results shown here leave it out.
results-overridden = Not used: { $filters }. What you chose in the fields applies instead.
results-time-open =
    { $count ->
        [one] One result does not state this time, or only “by arrangement”. It is further down.
       *[other] { $shown } results do not state this time, or only “by arrangement”. They are further down.
    }
chips-label = Chosen filters
chip-remove = Remove filter:
chip-words = Words: “{ $words }”
chip-understood = From your words: { $words }
chip-near = Place: { $place }
chip-near-radius = Place: { $place }, { $km } km
chip-age = Age: { $age }
chip-area = Area: { $area }
chips-clear = Remove all

filters-heading = Filters
filters-chosen =
    { $count ->
        [one] 1 chosen
       *[other] { $count } chosen
    }
filters-submit = Apply filters
facet-direction = Needed or offered
facet-field = Topic
facet-activity = Activity
facet-target = Who is helped
facet-commitment = Commitment
facet-mode = On site or online
facet-hours = Hours a month
facet-slot = When?
facet-accessibility = Accessibility
facet-kreis = District (Kreis) or city
hours-bis-2 = up to 2 hours
hours-2-bis-5 = 2 to 5 hours
hours-5-bis-10 = 5 to 10 hours
hours-ueber-10 = more than 10 hours
slot-we = at the weekend
direction-seek = Help needed
direction-offer = Help offered
other = other

empty-heading = We found nothing for this at the moment.
empty-words = Try a shorter or more general German word, for example “{ $short }” (children) instead of “{ $long }” (homework help at primary school).
empty-radius = Choose a greater distance, or leave it out.
empty-filters = Remove one of the chosen filters.
empty-incomplete = Opportunities from some municipalities are missing at the moment; which ones is shown below. Please try again later.
empty-all = See all opportunities
empty-node = There are no opportunities here yet. Please come back soon.

## Card

badge-offer = Help offered
badge-seek = Help needed
badge-some-words = Only some of your words
card-suited = Suitable for:
suited-youths = Teenagers
badge-soon = Needed soon
badge-emergency = Urgent
card-place-more =
    { $count ->
        [one] { $place } and 1 other place
       *[other] { $place } and { $count } other places
    }
card-distance = { $km } km
card-distance-below = less than 1 km
card-verified = last confirmed on { $day }
card-origin = Source: { $node }
card-also = Also in { $places }
card-also-more =
    { $count ->
        [one] Also in { $places }, and once more elsewhere
       *[other] Also in { $places }, and { $count } more times elsewhere
    }
card-also-here =
    { $count ->
        [one] Published once more with the same wording
       *[other] Published { $count } more times with the same wording
    }
card-when = When and how much:
card-where = Where:
card-needed = Needed: { $what }
card-accessible = Accessibility:
card-some =
    { $count ->
        [one] { $first } and 1 more
       *[other] { $first } and { $count } more
    }
private-person = Private individual
place-area = Postcode area { $plz }
place-remote = from anywhere
place-unknown = no place given

## Completeness

coverage-line = Complete: { $complete } of { $nodes } nodes (towns, districts and others)
coverage-as-of = As of { $moment }
coverage-missing = missing: { $name }, as of { $moment }
coverage-unsearched = missing: new entries from { $name }, not yet searchable here
coverage-never = missing: { $name }, never received so far
coverage-more =
    { $count ->
        [one] and 1 more node
       *[other] and { $count } more nodes
    }
coverage-explain = A node is the software of a municipality, a district (Kreis) or another public or charitable body. If one is missing, you see the latest version of its opportunities that we have.

## Opportunity

offer-back-results = Back to the results
offer-back = New search
offer-similar = Similar opportunities
offer-organisation = All opportunities of this organisation
report-link = Is something wrong here? Tell the editors
report-subject = Meldung (report): { $title } ({ $id })
origin-share = Link to share
offer-jump = How to get in touch
offer-description = Description
offer-tasks = What you would do
offer-tasks-offer = What I offer
offer-plain = In plain German (Einfache Sprache)
glance-heading = Is this right for me?
glance-time = Time
glance-dates-more =
    { $count ->
        [one] and 1 more date
       *[other] and { $count } more dates
    }
glance-amount = Commitment
glance-places =
    { $count ->
        [one] Location
       *[other] Locations
    }
glance-places-remote = You do not have to go anywhere. The place only says where the opportunity comes from.
glance-seats = Places
glance-apply = Sign up by
glance-age = Age
glance-languages = Languages
glance-requirements = Requirements
explain-fuehrungszeugnis = The enhanced criminal record certificate (erweitertes Führungszeugnis) says whether somebody was convicted of an offence. You apply for it at the citizens’ office (Bürgerbüro). For volunteers it is free of charge if the organisation confirms in writing that it needs it.
explain-masern = Protection against measles means: you are vaccinated, or have had measles, or were born before 1971. A doctor can confirm if you cannot be vaccinated.
explain-belehrung43 = The food hygiene instruction is a short lesson by the public health office (Gesundheitsamt), often online: how to handle food without making anybody ill.
glance-accessibility = Accessibility
glance-benefits = What you get
glance-suited = Suitable for
glance-fields = Topic
glance-activities = Activity
glance-targets = Who is helped
seats-all =
    { $count ->
        [one] 1 place
       *[other] { $count } places
    }
seats-left =
    { $count ->
        [one] 1 place, { $left } still free
       *[other] { $count } places, { $left } still free
    }
age-from = age { $min } and over
age-to = age up to { $max }
age-between = age { $min } to { $max }
hours-flexible = You choose your own hours
hours-minutes = { $minutes } minutes
hours-once =
    { $count ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
times =
    { $count ->
        [1] once
        [2] twice
       *[other] { $count } times
    }
hours-per-day = { $amount }, { $times } a day
hours-per-week = { $amount }, { $times } a week
hours-per-month = { $amount }, { $times } a month
hours-per-year = { $amount }, { $times } a year
times-per-day = { $times } a day
times-per-week = { $times } a week
times-per-month = { $times } a month
times-per-year = { $times } a year
from-day = from { $day }
until-day = until { $day }
from-until-day = { $from } to { $to }
day-said = { $day } { $month } { $year }
month =
    { $number ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[other] December
    }
date-at = { $weekday }, { $day }, { $time }
date-from-to = { $weekday }, { $day }, { $time } to { $end }
date-until = { $start } to { $end }
moment = { $day }, { $time }
weekday =
    { $number ->
        [1] Monday
        [2] Tuesday
        [3] Wednesday
        [4] Thursday
        [5] Friday
        [6] Saturday
       *[other] Sunday
    }
accessibility-yes = { $what }: yes
accessibility-no = { $what }: no
accessibility-unknown = { $what }: not known
accessibility-none = No information given. Please ask about what you need.
accessibility-ask = Please ask if something is not known or not listed.
language-welcome = { $language } (helpful)
language-needed = { $language } (required)
language-name =
    { $code ->
        [ar] Arabic
        [bg] Bulgarian
        [de] German
        [dgs] German Sign Language
        [el] Greek
        [en] English
        [es] Spanish
        [fa] Persian
        [fr] French
        [hr] Croatian
        [hu] Hungarian
        [it] Italian
        [ku] Kurdish
        [nds] Low German
        [nl] Dutch
        [pl] Polish
        [ps] Pashto
        [pt] Portuguese
        [ro] Romanian
        [ru] Russian
        [so] Somali
        [sq] Albanian
        [sr] Serbian
        [ta] Tamil
        [ti] Tigrinya
        [tr] Turkish
        [uk] Ukrainian
        [vi] Vietnamese
        [zh] Chinese
       *[other] another language
    }

contact-heading = How to get in touch
contact-role = Contact: { $role }
contact-mail = Your email goes to: { $node }
contact-forwarded = Your email goes to { $organisation }; { $node } reads it first.
contact-forwarded-private = { $node } reads your email first and passes it on to the private individual.
contact-mail-link = Write an email
contact-mail-subject = Ehrenamt (volunteering): { $title } ({ $id })
contact-mail-hint = Give the title and, if one is shown, the contact. One sentence is enough: who you are and when you can be reached.
contact-page = Page of the opportunity:
contact-organisation = Page of the organisation:
contact-origin-page = See the original: { $node }
contact-none = No contact address has been given for this opportunity.

origin-heading = Where this comes from
origin-node = Published by
origin-verified = Last confirmed on
origin-valid = Valid until
origin-updated = Last changed on
origin-id = Identifier
origin-licence = Licence
origin-copy = What you see here is a verified, unchanged copy.

## Over

over-paused = This opportunity is paused at the moment.
over-filled = All places are taken.
over-expired = This opportunity expired on { $day }.
over-paused-hint = It may continue later. Until then, there are other things to do.
over-filled-hint = It is good that so many people are joining in. Help is still needed elsewhere.
over-expired-hint = The date has passed, or nobody confirmed that it is still open. Help is needed elsewhere.
over-search = Search for similar opportunities

## Legal

easy-link = Easy German
easy-title = Easy German (Leichte Sprache)
imprint-title = Legal notice (Impressum)
imprint-missing = { $node } has not yet provided a legal notice.
imprint-write = Until then, please ask here:
privacy-title = Privacy
privacy-lead = These pages work without an account, without cookies and without third-party services. What that means is explained here.
privacy-visit = When you visit these pages
privacy-visit-none = We set no cookies and count no visits. Our software writes neither your internet address (IP address) nor your search words to a log.
privacy-visit-limit = So that nobody can overload the service, we count for a short time, in working memory only, how many requests come from one network. This is not stored.
privacy-search = When you search
privacy-search-local = We search only the data that is kept here. Nobody else learns what you are looking for.
privacy-search-link = Your search is part of the address of the page, so that you can share it as a link. Anyone who has the link can see the search.
privacy-offers = What the opportunities contain
privacy-offers-public = Only information about the opportunity and the organisation is published. There are no fields for the names, telephone numbers or email addresses of individuals.
privacy-offers-gone = When an opportunity is withdrawn, it also disappears from the pages of the other municipalities in the network.
privacy-operator = Information from the operator
privacy-missing = { $node } has not yet provided its own privacy information, for example on who is responsible and on your rights.
privacy-write = Questions about privacy:
access-title = Accessibility
access-lead = This statement applies to the pages of { $node } in Engagementnetz. It is based on two laws of North Rhine-Westphalia: the disability equality act (Behindertengleichstellungsgesetz) and the regulation on accessible information technology (Barrierefreie-Informationstechnik-Verordnung).
access-state = How accessible are these pages?
access-state-partly = The pages are partially compliant with the requirements.
access-state-tests = We build them to the WCAG 2.2 guidelines, level AA. After every change, a program checks the most important pages, also on a phone and in dark mode. A program finds only some of the barriers.
access-limits = What is not yet accessible?
access-limits-texts = The texts of the opportunities are written by the organisations, mostly in German. They are not always easy to understand, and information on accessibility is often missing.
access-limits-map = Maps are an additional way in. The same links are always given as a list next to them.
access-limits-easy = There is one page in Easy German (Leichte Sprache). The link is at the top of every page; no group of readers has tested the text yet. There are no videos in German Sign Language yet.
access-operator = Checks by people
access-missing = { $node } has not yet said whether people have checked these pages.
access-write = Have you come across a barrier? Write to us:
access-subject = Barriere melden (report a barrier)
access-ombud = If we do not help you
access-ombud-when = If you are not satisfied with our answer, the ombuds office (Ombudsstelle) helps you free of charge.
access-ombud-who = Ombuds office for accessible information technology (Ombudsstelle für barrierefreie Informationstechnik) of the state of North Rhine-Westphalia:

## Errors

not-found-title = Page not found
not-found-heading = This page does not exist.
not-found-hint = Part of the address may be missing, or the page has moved. Continue searching here:
unknown-title = Opportunity not found
unknown-heading = This opportunity is not here.
unknown-hint = It has been withdrawn, or part of the address is missing. Continue searching here:
gone-title = Opportunity closed
gone-heading = This opportunity no longer exists.
gone-hint = It has been withdrawn or has expired. You can find similar ones with the search:
refused-title = Error: please change your search
refused-heading = Please change your search.
refused-hint = We could not carry it out like this:
refused-radius = A distance needs a place: fill in “Where?”, or set the distance to “any”.
refused-radius-bad = The distance must be a number. Please choose it again.
refused-radius-wide = The distance can be at most { $km } km. Please choose it again.
refused-text = Your search contains characters that we cannot read. Please type it again.
refused-other = We cannot understand “{ $name }” in the address of this page. Please start your search again.
refused-words = The search is too long, or a * is in the wrong place. Up to 200 characters and 16 words are possible, and two words with a * at their end.
refused-near = We do not know the place “{ $place }”. Please enter a postcode or a place in North Rhine-Westphalia.
busy-title = Too many requests
busy-heading = That was too many requests at once.
busy-hint = Please wait a few seconds and then reload the page. More requests came from your network than we answer at once; perhaps you share it with others.
slow-title = That took too long
slow-heading = That took too long.
slow-hint = Our computer is overloaded at the moment. Please try again in a minute.
large-title = That was too much at once
large-heading = That was too much at once.
large-hint = This page does not accept that much text. Please shorten it and try again.
long-title = The address is too long
long-heading = The address of this page is too long.
long-hint = Please choose fewer things at once, or start a new search here:
headers-title = Your browser sent too much
headers-heading = Your browser sent more than we read.
headers-hint = Please delete the cookies for this site, or open it in a private window. We do not set any cookies ourselves.
away-heading = We will be back shortly.
away-hint = These pages are being maintained at the moment. Please try again in a few minutes.
fault-title = Error
fault-heading = Sorry, that did not work.
fault-hint = The error is on our side. Please try again in a few minutes.
fault-number = If you report the error to us, please give this number:

## Network

network-title = The network
network-summary = { $complete } of { $nodes } nodes are complete.
network-lead = A node is the software of a municipality, a district (Kreis) or another public or charitable body. This node holds verified copies of all the others and searches only those. Here you can see how up to date they are.
network-complete = Complete ({ $count })
network-complete-explain = Everything that these nodes have published can be found here.
network-late = Behind ({ $count })
network-late-explain = These nodes have announced something new that has not arrived here yet. Until it does, you see the previous version.
network-unreachable = Not reachable ({ $count })
network-unreachable-explain = These nodes do not answer. You see their last verified version; we do not show opportunities that have expired.
network-never = Never received ({ $count })
network-never-explain = Nothing has arrived from these nodes yet. Their opportunities are missing from the search.
network-suspended = Suspended ({ $count })
network-suspended-explain = A register has suspended these nodes. We do not show their opportunities; the last copy is kept as evidence.
network-lying = Contradictory ({ $count })
network-lying-explain = Two different versions with the same number were signed with the key of these nodes, or somebody else is signing with it. This must not happen. We show the first version; the operator has been informed.
network-facts-now = { $offers }, confirmed just now
network-facts = { $offers }, last confirmed { $age }
network-facts-none = no opportunities received yet
network-facts-hidden = not shown: { $offers }
network-source = (via { $relay })
network-receipts-all = Our newest version has arrived at { $arrived } of { $nodes } nodes.
network-receipts = Our newest version has arrived at { $arrived } of { $nodes } nodes; missing: { $missing }.
network-ago-minutes = { $count } minutes ago
network-ago-hours = { $count } hours ago
network-ago-days = { $count } days ago
footer-network = The network: who takes part and how up to date it is

## Why a result was found

why = Found because of: { $words }
why-lacks = Missing: { $words }
why-exact = “{ $word }” { $part }
why-form = “{ $word }” in another form { $part }
why-within = “{ $word }” inside a longer word { $part }
why-part = one part of “{ $word }” { $part }
why-parts = parts of the word “{ $word }” { $part }
why-synonym = “{ $other }” { $part } (similar to “{ $word }”)
why-typo = “{ $other }” { $part } (you typed “{ $word }”)
why-title = in the title
why-summary = in the summary
why-labels = under topic, who is helped or who it suits
why-organisation = in the name of the organisation
why-place = in the place
why-text = in the description

## Why something fits

fit-for = Fits:
fit-against = Please note:
fit-unknown = Not known:
fit-distance = { $distance } away (straight line)
fit-from-home = from home
fit-place = place
fit-field = topic: { $what }
fit-other-field = another topic: { $what }
fit-activity = activity: { $what }
fit-other-activity = another activity: { $what }
fit-target = for: { $what }
fit-for-people = for people
fit-other-target = helps other people: { $what }
fit-suited = suits: { $what }
fit-time = time: { $when }
fit-other-time = only { $when }
fit-time-unknown = times
fit-negotiable = times (you can arrange them)
fit-hours =
    { $count ->
        [one] { $hours } hour a month
       *[other] { $hours } hours a month
    }
fit-more-hours =
    { $count ->
        [one] { $hours } hour a month, more than you wished
       *[other] { $hours } hours a month, more than you wished
    }
fit-hours-unknown = hours a month
fit-other-commitment = different from your wish: { $what }
fit-age = { $age }
fit-requires = required: { $what }

## Guided finder

finder-nav = Guided search
finder-start = Start the guided search
finder-lead = Not sure what you are looking for? Say what suits you. You may leave everything open.
guide-any = any
guide-field = Which topic?
guide-activity = What do you like to do?
guide-days = On which days?
guide-times = At what time of day?
guide-need = What do you need to take part?
guide-nothing = nothing special
guide-weekdays = Monday to Friday
guide-weekend = at the weekend
guide-show = Show what fits
guide-long = Question by question instead, with pictures
finder-steps = The six questions
finder-progress = Question { $number } of { $all }
finder-mistake = Error: { $title }
finder-answered = (answered)
finder-field = What would you like to support?
finder-field-short = What for?
finder-activity = What do you like doing?
finder-activity-short = Doing what?
finder-target = Who would you like to be there for?
finder-target-short = For whom?
finder-place = Where would you like to help?
finder-place-short = Where?
finder-time = When do you have time, and how much?
finder-time-short = When?
finder-you = What else should we consider?
finder-you-short = What else?
finder-choose = Choose one or more, or simply go on.
finder-place-hint = Without a place, distances are counted from the centre of this town.
finder-place-hint-land = Without a place we search the whole area and do not look at distances.
finder-time-hint = Choose what usually works. Much can be arranged.
finder-you-hint = All of this is optional. Your age and what you cannot do leave out what is not possible for you. You need not have a criminal record certificate yet: volunteers get it free of charge.
finder-must-field = Show only the chosen topics
finder-must-time = Leave out opportunities at other times
finder-not-field = Are there topics you do not want?
finder-not-field-legend = Leave out these topics
finder-from-home = Only what I can do from home
finder-days = On which days?
finder-times = At what time of day?
finder-am = in the morning
finder-pm = in the afternoon
finder-ev = in the evening
finder-hours = At most how much time would you like to give?
finder-hours-week =
    { $count ->
        [one] about { $week } hour a week ({ $hours } a month)
       *[other] about { $week } hours a week ({ $hours } a month)
    }
finder-hours-half = about half an hour a week ({ $hours } a month)
finder-commitment = How would you like to get involved?
finder-age = How old are you?
finder-age-hint = Some tasks have an age limit.
finder-refused-age = Enter your age as a number from 1 to 120, or leave the field empty.
finder-without = What do you not have, or what is not possible for you?
finder-needs-open = Do you need anything to take part?
finder-needs = This is what I need
finder-must-need = Show only what is sure to have it
finder-suited = Who should it be suitable for? Opportunities that say so come first.
finder-best = Anything here yet? What fits best so far
finder-best-hint = Nothing for you? Then answer more questions.
finder-answer = Your answer
finder-so-far =
    { $count ->
        [0] No opportunity is left with your answers so far.
        [one] 1 opportunity is left with your answers so far.
       *[other] { $shown } opportunities are left with your answers so far.
    }
finder-unopposed =
    { $count ->
        [0] None of them matches all your wishes.
        [one] One of them matches all your wishes, as far as we know.
       *[other] { $shown } of them match all your wishes, as far as we know.
    }
finder-next = Next
finder-show = See the results
finder-back = Back
finder-skip = Skip this question
finder-private = Your answers are only in the address of this page. We do not store them.
wish-note = What fits your answers best comes first.
wish-change = Change your answers
wish-chip-field = Wish: { $what }
wish-chip-only = Only: { $what }
wish-chip-time = Time: { $when }
wish-chip-hours =
    { $count ->
        [one] up to { $hours } hour a month
       *[other] up to { $hours } hours a month
    }
wish-chip-not = Not: { $what }
wish-chip-need = I need: { $what }
wish-chip-need-sure = Must be there for sure: { $what }
wish-sure = Only opportunities that surely have everything I need
wish-chip-without = Without: { $what }
empty-finder = Answer six questions and let us look for what fits.

## Weights

weights-title = How we sort results
weights-link = How we sort results
weights-lead = After the guided search, what fits your answers best comes first. Nobody can buy a better place. These are all the numbers that decide.
weights-caption = The most points possible
weights-what = What for
weights-points = Points
weights-why = Why so many
weights-field = People stay with what they care about: interest counts most.
weights-activity = What people like doing, they do well.
weights-target = Many people care who they help. Half of the opportunities do not say.
weights-suited = Few opportunities say who they suit. The others should still be shown.
weights-time = People without time cannot come. But times can often be arranged.
weights-effort-name = Hours a month
weights-effort = The number of hours can usually be agreed.
weights-commitment = Some prefer to help once, others regularly.
weights-distance-name = Distance
weights-distance = You travel there every time.
weights-hurdles-name = Easy to start
weights-hurdles = People who said nothing about certificates and licences may have none. What everybody can start comes a little further up.
weights-freshness-name = Last confirmed
weights-freshness = Recently confirmed opportunities are more likely to be still correct.
weights-rules = How we count
weights-several = If you chose several things and one matches, it gets { $percent } percent. If two or all match, it gets all points.
weights-unknown = If an opportunity does not say, it gets { $percent } percent: not known is neither yes nor no.
weights-way = At { $km } kilometres (straight line), half of the points for distance are left. What is done from home gets { $percent } percent.
weights-age = After { $days } days without confirmation, half of these points are left.
weights-hurdles-count = Easy to start: one requirement leaves half of the points, two leave a third. A talk, a trial day and an introductory course do not count. If an opportunity does not say that beginners are welcome, it gets { $percent } percent of that.
weights-more = If an opportunity takes twice as many hours as wished for, or more, it loses { $percent } percent of all points; in between, proportionally less.
weights-share = We count only what you chose. The share of the possible points decides the place in the list.
weights-gates = What we leave out
weights-gates-lead = These answers remove opportunities. They never add points:
weights-gate-age = Age: what is meant for another age is left out.
weights-gate-field = Topics you do not want are left out.
weights-gate-need = Accessibility: if something you need is said to be missing, the opportunity is left out. If it is not known, the opportunity stays and loses up to { $percent } percent of its points; with “Show only what is sure to have it” it is left out, too. What is done from home needs no accessible place.
weights-gate-without = Requirements you cannot meet are left out. Without a car licence, bus licences are left out too.
weights-gate-must = “Only” means only: what is said to be different is left out; what does not say stays. For accessibility alone, “only” leaves out what does not say, too.
weights-order = With equal points the order is always the same. Nothing is left to chance.

## Desk

desk-title = Desk
desk-link = Desk: for advice by telephone
desk-field = What are you looking for?
desk-keys = Type words to search. Type a number to open that line, + for the next five, 0 for the list. Then press Enter.
desk-go = Go
desk-next = Next five
desk-print = Print in large type
desk-list = To the list (0)
desk-full = Full page
desk-empty = Try fewer words.
desk-no-more = There are no more opportunities.
desk-no-line = There is no line { $number } on this page.
desk-over = Nobody can take part here at the moment.
desk-understood = Understood: { $what }
desk-where = Place: { $place }

## Saved list

kept-title = Saved list
kept-lead = This is what you have saved. The list is kept in your browser only; anyone who has the link to this page sees it too.
kept-empty = The opportunities that you save are shown here. To save one, choose “Save”; your browser must allow scripts. The list is kept in your browser only.
kept-gone =
    { $count ->
        [one] 1 saved opportunity no longer exists.
       *[other] { $count } saved opportunities no longer exist.
    }
keep = Save
share = Share
share-done = The link has been copied.
print = Print
qr-label = QR code with the link to this page

## Embedding

footer-embed = Show opportunities on your own website
embed-this = Show this search on your own website
embed-title = Show opportunities on your own website
embed-lead = Show opportunities on the website of your organisation or your town. They stay up to date there by themselves. It sets no cookies and contacts no third party. Your visitors do not have to agree to anything.
embed-form = What should be shown?
embed-any = all
embed-count = How many?
embed-submit = Apply
embed-frame = As a frame
embed-frame-hint = Put this code into your page. No script runs in the frame; links open in a new tab.
embed-piece = As a building block from your server
embed-piece-hint = Your server fetches this address and puts the result into the page unchanged. It is HTML without scripts and without styling, so that it looks like your own page. Visitors then ask only your server.
embed-copy = Copy
embed-copied = Copied.
embed-preview = See a preview
embed-all = See all opportunities
embed-new-tab = Links open in a new tab.
embed-nobody = This node cannot be shown in frames: its operator has switched that off.
embed-no-address = This node has no public address yet. That is why there is nothing to copy here so far.

## Interface

api-title = Interface for programs (API)
api-lead = What is on these pages is also available as data: without signing in, without a key, for any purpose. This page is made from the description that the program gives of itself.
api-description = Description for programs (OpenAPI 3.1)
api-start = How to start
api-open = Any website may read the data (CORS). Nothing can be changed here.
api-limit = On average we answer { $count } requests a second from one network, and up to four times as many for a short time. After that we answer 429 and say when to try again.
api-tags = Answers carry an ETag: ask with If-None-Match, and what has not changed is not sent again.
api-errors = Errors are application/problem+json (RFC 9457) with a fixed type and a German sentence that says what to do.
api-honest = Every answer says under coverage how many nodes it covers and which are missing.
api-feeds = Every search is also available as Atom, JSON Feed and calendar: in its address, replace /suche by /suche.atom, /suche.json or /suche.ics.
api-paths = What can be asked
api-parameters = Parameters
api-required = required
api-answers = Answers
api-schemas = Structure of the answers
footer-api = Interface for programs
