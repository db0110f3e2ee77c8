// Words for where things are: WiFi near a place, devices that were entered since.

export default {
    'wifi.title': '附近的 WiFi',
    'wifi.none': '附近沒有可採信者告知名稱的熱點。',
    'wifi.ssid': '名稱',
    'wifi.access': '如何連上',
    'wifi.terms': '條件',
    'wifi.until': '聲明有效至',
    'wifi.says': '聲明者',
    'wifi.owner': '裝置擁有者：',
    'wifi.operator': '{name}，網路營運者',
    'wifi.note': '名稱與條件列在週期旁的 wifi.json，各有簽署：裝置由登記表上的擁有者簽署；使用者找到的熱點由規則所列的營運者簽署。其中不說由誰、何時找到。',
    'wifi.passedOver': '已過期或非由可採信者簽署的聲明未顯示：{count} 筆。',
    'access.open': '開放',
    'access.password': '需要密碼',
    'access.portal': '須先同意頁面',
    'access.passpoint': '使用設定檔（Passpoint）',
    'device.since': '若它是之後登記的，歷史中會列出，且可以轉手。',
} as const;
