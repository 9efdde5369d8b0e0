/**
 * The words that passwords of people in a hurry are made of. Written by hand for this product, from what reports on leaked
 * passwords agree on: words, first names, seasons, teams, places, product words and key patterns. It is no copy of a
 * leaked list, and it need not be long: `lib/rules/password.ts` looks through capitals, `@` for a, digits and signs at
 * either end and repetition, so that one word here stands for some thousands of passwords.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  password passwort passwords passwd passw pass passcode passphrase motdepasse contrasena contrasenya senha wachtwoord
  haslo parola parol losenord salasana mypassword mypass yourpassword newpassword oldpassword thepassword nopassword
  changeme changeit changethis change letmein letmeinnow openup opensesame sesame welcome welcomeback welcomehome willkommen
  bienvenue bienvenido hello hallo hola bonjour hellothere helloworld goodbye goodmorning goodnight admin administrator
  administrador adminadmin root rootroot toor superuser superadmin sysadmin manager master masterkey owner user username
  users guest visitor anonymous login logon signin signup access account support helpdesk service office staff staffonly
  employee company business system server network internet computer laptop desktop windows microsoft apple macbook iphone
  android samsung google gmail yahoo hotmail outlook facebook instagram twitter tiktok snapchat youtube netflix amazon
  linkedin linux ubuntu oracle cisco database mysql postgres default temp temporary temppass tempassword test testing
  tester testtest testuser testpass demo demodemo sample example trial secret secrets topsecret secretpassword mysecret
  private security secure safe safety unlock locked qwerty qwertz azerty qwertyuiop qwertyui qwert asdf asdfgh asdfghjkl
  zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qaz wsx edc qwe qweasd qweasdzxc asd zxc poiuytrewq lkjhgfdsa mnbvcxz abc abcd abcde
  abcdef abcdefg abcdefgh abcabc aaa aaaa aaaaaa xxx xxxx xxxxxx zzz qqq aab iloveyou iloveu ilovegod ilovejesus ilovemom
  iloveme iloveyoubaby iloveyousomuch loveyou loveme lovely lover lovers love loving mylove truelove lovelove iluvu
  jesus jesuschrist christ god godisgood godislove godbless blessed blessing faith hope grace angel angels heaven church
  allah bismillah inshallah muhammad mohammed krishna ganesh ganesha shiva hanuman waheguru saibaba buddha amen trustno
  trustnoone princess prince queen king kings kingdom angelbaby baby babygirl babyboy babe babes honey sweetie sweetheart
  sweet sugar darling cutie cutiepie beautiful pretty gorgeous handsome sexy sexygirl hottie naughty diva girl girls boy
  boys woman friend friends friendship bestfriend family mother father mommy daddy mom dad mama papa sister brother
  son daughter grandma grandpa family home house homehome happy happyday happiness smile smiley sunshine sunny sunrise
  sunset moonlight moon star stars starlight rainbow rain snow snowball winter spring summer autumn fall season january
  february march april may june july august september october november december monday tuesday wednesday thursday friday
  saturday sunday weekend holiday vacation christmas merrychristmas newyear happynewyear easter halloween birthday
  happybirthday thanksgiving valentine money dollar dollars cash rich richard million millionaire lucky luckyyou success
  winner victory champion freedom liberty justice peace power powerful energy magic magical mystery fantasy dream dreams
  dreamer dragon dragons phoenix tiger tigers lion lions eagle eagles falcon wolf wolves bear bears shark monkey monkeys
  donkey horse horses pony cat cats kitty kitten kittens dog dogs doggy puppy rabbit bunny turtle panda dolphin dolphins
  butterfly spider chicken chickens duck ducks frog mouse mickey mickeymouse minnie donald snoopy garfield pokemon pikachu
  naruto sasuke goku dragonball onepiece batman superman spiderman ironman wonderwoman hulk thor avengers captain
  starwars startrek skywalker yoda vader matrix terminator ninja samurai pirate pirates warrior warriors knight knights
  hunter soldier killer shadow ghost demon devil death hell lucifer satan angel viper cobra python maverick rebel
  gandalf frodo legolas hobbit hogwarts harry harrypotter potter hermione merlin wizard zelda mario luigi sonic minecraft
  roblox fortnite callofduty counter counterstrike gamer games game playstation nintendo xbox steam league legends football
  futbol soccer baseball basketball hockey tennis golf golfer cricket volleyball swimming swimmer runner running racing
  racer skate skater surfer surf ferrari porsche mercedes bmw audi toyota honda nissan mustang corvette camaro chevy
  chevrolet ford jeep harley harleydavidson yamaha suzuki kawasaki ducati yankees redsox cowboys steelers packers raiders
  broncos lakers celtics bulls patriots giants dodgers cubs cardinals arsenal chelsea liverpool manchester manutd united
  barcelona realmadrid madrid juventus milan bayern dortmund ajax benfica porto celtic rangers everton tottenham ronaldo
  messi neymar beckham jordan kobe lebron music musica guitar piano drummer rocknroll rockstar metallica nirvana slipknot
  eminem beatles elvis madonna shakira rihanna beyonce justin justinbieber onedirection blink hiphop dance dancer dancing
  banana apple apples orange lemon cherry strawberry peaches pumpkin tomato potato cookie cookies cupcake chocolate
  candy coffee pepper ginger cinnamon vanilla cheese pizza bacon butter burger sushi whiskey vodka tequila beer wine
  flower flowers rose roses lily daisy jasmine violet orchid garden forest ocean river mountain beach island paradise
  earth world planet universe galaxy space rocket alien thunder lightning storm fire flame ice icecream water diamond
  diamonds gold golden silver platinum crystal pearl ruby sapphire emerald purple yellow green blue red black white pink
  orange brown blackberry bluebird redbird greenday silverado america american usa unitedstates canada mexico brasil
  brazil argentina colombia england london britain ireland dublin scotland wales france paris germany deutschland berlin
  munich italia italy roma spain espana portugal lisbon holland netherlands amsterdam belgium sweden norway denmark finland
  poland polska russia moscow ukraine turkey istanbul greece india indian bharat hindustan delhi mumbai chennai bangalore
  hyderabad pakistan lahore karachi bangladesh nepal srilanka china beijing shanghai japan tokyo korea vietnam thailand
  indonesia jakarta malaysia singapore philippines manila australia sydney melbourne newzealand africa nigeria kenya egypt
  newyork newyorkcity brooklyn boston chicago texas dallas houston austin california losangeles hollywood sandiego
  sanfrancisco oakland seattle denver phoenix arizona vegas lasvegas florida miami orlando atlanta georgia virginia
  carolina washington philadelphia detroit toronto montreal vancouver michael michelle jessica ashley amanda jennifer
  daniel daniela andrew andrea anthony joshua matthew robert william james john johnny johnson jack jackson jacob joseph
  david christopher chris christian christina christine nicholas nicole brandon brian kevin thomas george charlie charles
  edward steven stephen patrick alexander alex alexandra alexis samantha stephanie melissa elizabeth victoria vanessa
  rebecca rachel sarah sandra susan laura lauren linda lisa karen maria marie mariana carmen carlos juan jose luis miguel
  diego pedro antonio fernando gabriel gabriela rafael ricardo alejandro alejandra angela angelina angelica anna annie
  hannah emily emma olivia sophie sophia isabella bella natalie natasha tatiana olga svetlana irina ivan dmitri sergey
  vladimir boris mohamed ahmed ali omar hassan hussein ibrahim yusuf fatima aisha mariam abdullah rahul rohit amit sumit
  raj raja rajesh ramesh suresh mahesh ganesh kumar sharma singh patel gupta pooja priya neha anjali deepak sanjay vijay
  ajay arjun kiran lakshmi sai ravi anil sunil manoj ashok vikas vishal sachin virat dhoni peter paul mark luke simon
  martin marvin oliver oscar max maxwell felix leo lucas liam noah ethan logan mason tyler taylor jordan morgan hunter
  cameron dylan austin justin jason jasmine brittany courtney heather amber tiffany crystal danielle whitney maggie molly
  sadie bailey buddy rocky rocket lucky lucy daisy coco princess shadow smokey tigger bandit buster ginger sammy sasha
  sparky spike sophie toby zoe zeus apollo athena hercules cricket pepper peanut precious angel snickers oreo whatever
  nothing something anything everything nobody somebody anybody forever always never maybe yes yesyes nono okokok please
  thankyou thanks sorry fuckyou fuckoff fuck fucker bitch bullshit shit asshole pussy dick boobs sexsex stupid idiot loser
  crazy computer science biology student students school college university teacher doctor nurse clinic dental dentist
  lawyer police army navy marine marines airforce firefighter engineer plumber carpenter mechanic driver trucker pilot
  captain chef barber salon beauty phone telephone telefon mobile cellphone number numbers call calling calls voicemail
  answer answering answerphone message messages appointment appointments afterhours aftercall aftercallpro receptionist
  reception letters words random qwertyqwerty correcthorsebatterystaple correcthorse thequickbrownfox quickbrownfox
  thequickbrownfoxjumps tobeornottobe maytheforcebewithyou supercalifragilisticexpialidocious abracadabra hakunamatata
  liveloverlaugh livelaughlove carpediem whoami itsme itsmemario imthebest nevergiveup neversaynever onelove bestever
  number numberone thebest thebestever superstar superman superhero supersecret superpassword
  `
    .trim()
    .split(/\s+/),
);
