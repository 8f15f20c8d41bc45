/** Ordinary words, none the beginning of another: what synthetic prompts are made of. */
export const ordinaryWords: readonly string[] = `
about above accept across action active actual admit adult advice afford afraid again agency agree ahead airport
album alive allow almost alone amount ancient anger animal annual answer anyone apart appeal apple april argue army
arrive article artist asleep aspect attack august author autumn average avoid awake aware away baby back badly bake
balance ball bank barely barn basic basket battle beach beard beauty become before begin behind believe belong below
bench benefit beside best better between beyond bicycle bird birth bitter black blame blanket blind block blood
blossom blue board boat body bone book border borrow both bottle bottom bought bowl brain branch brave bread break
breath brick bridge brief bright bring broad broken brother brown brush build burn bush business busy butter button
cabin cake call calm camera camp candle capital captain carbon card careful carpet carry castle catch cattle caught
cause ceiling center central century certain chain chair chance change chapter charge cheap check cheese chest
chicken chief child choice choose church circle city civil claim class clean clear clerk clever climb clock close
cloth cloud club coach coal coast coffee cold collect college color column combine come comfort common company
compare complete concern concert confirm connect consider contain content contest control cook cool copper corn
correct cost cotton couch council count couple courage course court cousin cover cradle craft cream create credit
crew crime crisis crop cross crowd crown culture cup curious current curtain custom cycle daily damage dance danger
dark data daughter dawn dead deal debate decade december decide deep deer defend degree delay deliver demand dentist
depend depth desert design desk detail develop dialog diamond differ difficult dinner direct discuss dish distance
divide doctor dollar domestic door double doubt down dozen dragon drama draw dream dress drift drink drive drop drum
dry during dust duty eager eagle early earn earth east easy edge edit educate effect effort eight either elbow elect
eleven empire employ empty enable enemy energy engine enjoy enough enter entire equal error escape estate evening
event every evidence exact example except exchange exercise exist expect expert explain explore express extra fabric
face factory fail faint fair faith fall family famous fancy farmer fast father fault favor feather february federal
feed feel fellow fence festival fever field fifteen fight figure film final find finger finish fire firm first fish
flag flame flat flavor flight float floor flow fluid fly focus follow food foot force forest forget formal forty
forward found fox frame free french fresh friday friend front frost fruit fuel full funny furniture future gallery
game garage garden garlic gas gate gather general gentle giant gift girl give glad glass globe glove goal goat gold
good govern grace grade grain grand grant grass gravity great green ground group grow guard guess guest guide guitar
gulf habit half hammer hand happen harbor hard harvest hat have hazard head health hear heavy height help hero
hidden high hill history hobby hold holiday hollow home honest honey hope horse hospital hotel hour house huge human
humble humor hundred hungry hunt hurry husband ice idea image imagine impact import improve inch include income
increase indeed index indoor industry infant inform initial inner insect inside insist install instead intend
interest invite iron island issue item ivory jacket january jewel join joke journal journey judge juice july jump
june junior jury just keen keep kettle key kidney kind king kitchen kite knee knife knock know label labor ladder
lady lake lamp land language large last late laugh launch lawyer layer lazy leader leaf learn least leather leave
lecture left legal lemon length lesson letter level library lift light like limit line lion liquid listen little
live loan local lock logic lonely long look loose lord lose loud love lower loyal lucky lumber lunch luxury machine
magic magnet main major make manage manner many maple marble march margin market marry master match material matter
maybe meadow meal measure meat medal medium meet melody melt member memory mental mention menu merchant message
metal method middle midnight mighty mile military milk million mind mineral minor minute mirror mission mistake
mixture mobile model modern modest moment monday money month moon moral morning mother motion mountain mouse mouth
move movie much mud muscle museum music must mutual mystery naked name narrow nation native nature near neat neck
need neighbor neither nephew nerve nest network never news next nice night nine noble nobody noise noon normal north
nose note nothing notice novel november number nurse nut oak object observe obtain obvious ocean october odd offer
office often oil old olive once onion only open opera opinion oppose orange orbit order ordinary organ origin other
ought outside oval oven over owner oxygen pack page paint pair palace pale palm panel paper parade parent park
partner pass patient pattern pause payment peace peak pear pencil penny people pepper perfect period permit person
phone photo phrase piano picture piece pilot pink pioneer pipe pitch place plain planet plastic plate play please
plenty pocket poem point police polite pond pool poor popular porch position possible post potato pound powder power
practice praise prefer prepare present press pretty prevent price pride priest primary print prison private prize
problem produce profit program project promise proof proper protect proud prove public pull pump pupil purchase pure
purple purpose push put puzzle quality quarter queen question quick quiet quite quote rabbit race radio rail rain
raise random range rapid rare rather ratio raw reach read real reason recall receive recent recipe record reduce
reflect reform refuse regard region regular relate relax release rely remain remember remind remove rent repair
repeat reply report request rescue research respect rest result retire return reveal review reward rhythm ribbon
rice rich ride right ring rise risk rival river road robust rock roll roof room root rope rose rotate rough round
route routine royal rubber rule runner rural rush sad safety sail salad salt same sample sand satisfy saturday sauce
save scale scene schedule school science scissors score screen search season seat second secret section seed seek
segment select sell senior sense separate september series serious serve settle seven shade shadow shake shape share
sharp sheep sheet shelf shell shield shift shine ship shirt shock shoe shoot shop short shoulder shout show shrug
sick side sign silent silk silver similar simple since sing sister situate size skill skin sky sleep slice slide
slight slow small smart smell smile smoke smooth snake snow soap soccer social sock soft soil soldier solid solve
some song soon sorry sort soul soup source south space spare speak special speed spell spend spice spider spirit
split sponsor spoon sport spot spread spring square stable staff stage stair stamp stand star state stay steady
steal steam steel step stick still stock stomach stone stop store storm story straight strange street strike string
strong student study stuff style subject submit succeed such sudden suffer sugar suggest suit summer sunday supper
supply support sure surface surprise survey suspect swallow sweet swim switch symbol system table tactic tail take
talent talk tall target task taste taxi teacher team tear tell temple ten term test text thank theme theory thick
thing think third thought thread three throat throw thumb thunder thursday ticket tide tiger tight timber time tiny
tired tissue title toast tobacco today together tomato tone tongue tonight tool tooth topic torch total touch tough
tower town toy track trade traffic train travel treat tree trend trial tribe trick trip tropical trouble truck true
trunk trust truth try tube tuesday tunnel turn twelve twenty twice twin two type ugly umbrella unable uncle under
unique unit until update upper upset urban urge useful usual vacant valley value vanish vapor variety various vast
vegetable vehicle velvet venture verb verse very vessel victory video view village violin virtue visible visit
visual vital vivid voice volume vote voyage wage wagon waist wait walk wall want warm wash waste watch water wave
weak wealth wear weather wedding wednesday week weigh welcome well west wheat wheel when whisper white whole wide
wife wild will wind wine wing winter wire wise wish witness wolf woman wonder wood wool word work world worry worth
wrap wrist write wrong yard year yellow yesterday young youth zebra zero zone
`
  .trim()
  .split(/\s+/)
