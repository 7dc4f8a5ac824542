//! The customers of the demo. All firms and persons are invented; `样城` and `例州` mean "sample town".

/// name | country | city | currency | aliases (`;`) | English name
pub const CUSTOMERS: &str = "\
Tannhäger Anlagenbau GmbH|DE|Minden|EUR|Tannhäger|
Nordwindler Logistik GmbH|DE|Husum|EUR||
Nordwindler Logistik GmbH & Co. KG|DE|Husum|EUR||
Müllner & Sohn Fördertechnik GmbH|DE|Bremen|EUR||
Müllner & Söhne Fördertechnik GmbH|DE|Kassel|EUR||
Schmidtkamp Metallbau GmbH|DE|Kassel|EUR||
Schmidtkamp Metallbau GmbH|DE|Rostock|EUR||
Kräuterwald Feinkost e.K.|DE|Jena|EUR||
Bäckerei Oskar Drosselmann|DE|Celle|EUR||
Hagebusch Kunststofftechnik AG|DE|Ulm|EUR|Hagebusch KT|
Ostseeblick Hotelbetriebe GmbH|DE|Wismar|EUR||
Weidenfels Pumpen GmbH & Co. KG|DE|Soest|EUR|Weidenfels|
Stadtwerke Birkenrode GmbH|DE|Birkenrode|EUR||
Gemeinde Ahrnstedt|DE|Ahrnstedt|EUR||
Klinikum Sonnhalde gGmbH|DE|Sonnhalde|EUR||
Druckhaus Federlein OHG|DE|Erfurt|EUR||
Eisenmoor Gießerei GmbH|DE|Siegen|EUR||
Fährmann Umzüge GmbH|DE|Lübeck|EUR||
Quellgrund Getränke GmbH|DE|Fulda|EUR||
Zweirad Humboldtsen GmbH|DE|Oldenburg|EUR||
Labor Dr. Isenbart MVZ GmbH|DE|Mainz|EUR||
Havelberger Bootswerft GmbH|DE|Havelberg|EUR||
Brauhaus Krummbein KG|DE|Bamberg|EUR||
Dachdeckerei Storchennest GmbH|DE|Stade|EUR||
Moorland Torfwerke GmbH|DE|Papenburg|EUR||
Rotdornblatt Verlag GmbH|DE|Leipzig|EUR||
Silberbach Optik GmbH|DE|Wetzlar|EUR||
Thalheimer Zahnräder GmbH|DE|Thalheim|EUR||
Uferlos Veranstaltungen UG (haftungsbeschränkt)|DE|Köln|EUR||
Wolkenstein Software GmbH|DE|Potsdam|EUR||
Ingenieurbüro Petersilge PartG mbB|DE|Kiel|EUR||
Holzhof Ebersroth eG|DE|Ebersroth|EUR||
Kornspeicher Malchin GmbH|DE|Malchin|EUR||
Glashütte Lichtenau-Ost GmbH|DE|Lichtenau|EUR||
Autohaus Rennebaum GmbH & Co. KG|DE|Gotha|EUR||
Textilwerk Webermann GmbH|DE|Hof|EUR||
Fischhandel Jansson-Priel GmbH|DE|Cuxhaven|EUR||
Solarpark Heidekraut GmbH|DE|Lüneburg|EUR||
Medizintechnik Aeskulap-Nord GmbH|DE|Tuttlingen|EUR||
Hirschgrund Möbel GmbH|DE|Herford|EUR||
Elbauen Wasserbau GmbH|DE|Torgau|EUR|Elbauen|
Ostfalen Holding GmbH|DE|Braunschweig|EUR||
Ostfalen Werkzeuge GmbH|DE|Braunschweig|EUR||
Ostfalen Lacke GmbH|DE|Peine|EUR||
Alpenglanz Seilbahnen GmbH|AT|Zell|EUR||
Donauperle Schifffahrt GmbH|AT|Krems|EUR||
Grünspan Holzbau GesmbH|AT|Leoben|EUR||
Veenstroom Pompen B.V.|NL|Zwolle|EUR|Veenstroom|
De Gouden Windvaan B.V.|NL|Hoorn|EUR||
Tulpenveld Handelsmij N.V.|NL|Lisse|EUR||
Van Oosterwaard Techniek B.V.|NL|Tiel|EUR||
Molenkamp Zuivel B.V.|NL|Sneek|EUR||
Duinrand Recreatie V.O.F.|NL|Domburg|EUR||
Schelvis & Zonen B.V.|NL|Urk|EUR||
Polderlicht Armaturen B.V.|NL|Dronten|EUR||
IJsselhout Meubelen B.V.|NL|Kampen|EUR||
Brugse Kantfabriek BV|BE|Brugge|EUR||
Haspengoud Fruit NV|BE|Sint-Truiden|EUR||
Ardennenstaal SA|BE|Dinant|EUR||
Larkhill Instruments Ltd|GB|Larkhill|EUR|Larkhill|
Copperbeech Foundry Limited|GB|Telford|EUR||
Thistledown Textiles Ltd|GB|Galashiels|EUR||
Marrowfield & Daughters LLP|GB|Exeter|EUR||
Oxbow Hydraulics plc|GB|Derby|EUR||
Windlass Marine Services Ltd|GB|Hull|EUR||
Ballykeel Dairies Designated Activity Company|IE|Ballykeel|EUR||
Prairie Lantern Tools Inc.|US|Topeka|USD||
Juniper Hollow Controls LLC|US|Boise|USD||
Redwater Basin Pipe Corp.|US|Amarillo|USD||
Saltgrass Aerospace Inc.|US|Mobile|USD||
Atelier Clairefontenay SARL|FR|Dijon|EUR||
Compagnie Générale des Moulins Bleus SAS|FR|Nantes|EUR|Moulins Bleus|
Établissements Vauquelois & Fils SA|FR|Rouen|EUR||
Fromagerie du Val d'Ombrelle SARL|FR|Aurillac|EUR||
Mécanique Rochebrune SAS|FR|Gap|EUR||
Verrerie de l'Étang Noir SA|FR|Nancy|EUR||
Transports Chantelune SARL|FR|Béziers|EUR||
Papeterie Montcorbeau SAS|FR|Annonay|EUR||
Les Ateliers du Grand Héron SCOP|FR|Royan|EUR||
Pépinières Saint-Aubrac SARL|FR|Orléans|EUR||
Officine Valdombra S.r.l.|IT|Lecco|EUR||
Ceramiche Pietrarossa S.p.A.|IT|Sassuolo|EUR||
Talleres Río Escondido S.L.|ES|Huesca|EUR||
Wytwórnia Srebrny Bór Sp. z o.o.|PL|Poznań|EUR||
Björkhagens Mekaniska AB|SE|Växjö|EUR||
İncirdere Tekstil A.Ş.|TR|Denizli|EUR||
Bergkristall Uhrenteile AG|CH|Grenchen|CHF||
Seerosen Gastro AG|CH|Thun|CHF||
Gletscherquell Mineral AG|CH|Chur|CHF||
Hürlibach Präzision GmbH|CH|Uster|CHF||
Matterwald Holz AG|CH|Visp|CHF||
Fromagerie du Lac Perdu SA|CH|Bulle|CHF||
Imprimerie des Trois Sapins Sàrl|CH|Sion|CHF||
Officina Valmaggiolina SA|CH|Locarno|CHF||
Zitzglock Elektronik AG|CH|Bern|CHF||
Rheinuferbau AG|CH|Stein|CHF||
Spital Oberwyna|CH|Wyna|CHF||
Stiftung Sonnenhügeli|CH|Baar|CHF||
Kaffeerösterei Murmeli GmbH|CH|Zug|CHF||
Drahtseilwerk Fluhberg AG|CH|Schwyz|CHF||
样城市沐砚实业有限公司|CN|样城|CNY||Muyan Industrial
样城市沐砾实业有限公司|CN|样城|CNY||Muli Industrial
珞岚科技(样城)有限公司|CN|样城|CNY||Luolan Technology (Yangcheng)
珞岚科技(例州)有限公司|CN|例州|CNY||Luolan Technology (Lizhou)
样城市云岫实业有限公司|CN|样城|CNY||Yunxiu Industrial
例州澄硕精密机械股份有限公司|CN|例州|CNY|例州澄硕|
样城鹭汀电子有限公司|CN|样城|CNY||
例州市霁珩包装材料厂|CN|例州|CNY||
样城禾笙食品有限公司|CN|样城|CNY||
例州砺衡仪表有限公司样城分公司|CN|样城|CNY||
例州砺衡仪表有限公司|CN|例州|CNY||
样城翎羽纺织有限公司|CN|样城|CNY||
例州峤石建材有限公司|CN|例州|CNY||
样城楠洲医疗器械有限公司|CN|样城|CNY||
例州飒朗汽车零部件有限公司|CN|例州|CNY||
样城湄岸国际贸易有限公司|CN|样城|CNY||
例州市锦蘅化工有限责任公司|CN|例州|CNY||
样城璟曜光电科技有限公司|CN|样城|CNY||
例州苍舟物流有限公司|CN|例州|CNY||
样城知榆教育设备有限公司|CN|样城|CNY||
";
