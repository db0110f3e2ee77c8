// Words for where things are: WiFi near a place, devices that were entered since.

export default {
    'wifi.title': 'WiFi near here',
    'wifi.none': 'Nobody whose word counts has told the name of an access point near here.',
    'wifi.ssid': 'Name',
    'wifi.access': 'How one gets in',
    'wifi.terms': 'Terms',
    'wifi.until': 'Said until',
    'wifi.says': 'Who says so',
    'wifi.owner': 'the owner of',
    'wifi.operator': '{name}, an operator of the network',
    'wifi.note': 'Names and terms stand in wifi.json beside the epochs, each signed: of a device by its owner in the registry, of an access point that users found by an operator whom the rules name. It says nothing of who found one, or when.',
    'wifi.passedOver': 'Statements that are over, or not signed by whose word counts, are not shown: {count}.',
    'access.open': 'open',
    'access.password': 'with a password',
    'access.portal': 'a page to agree to',
    'access.passpoint': 'with a profile (Passpoint)',
    'device.since': 'If it was registered since, its history says so, and it can be handed on.',
} as const;
