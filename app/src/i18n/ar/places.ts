// Words for where things are: WiFi near a place, devices that were entered since.

export default {
    'wifi.title': 'شبكات WiFi قريبة',
    'wifi.none': 'لم يذكر أحد يُؤخذ بكلمته اسم نقطة وصول قريبة.',
    'wifi.ssid': 'الاسم',
    'wifi.access': 'كيف يُدخل إليها',
    'wifi.terms': 'الشروط',
    'wifi.until': 'سارٍ حتى',
    'wifi.says': 'من يقول ذلك',
    'wifi.owner': 'مالك',
    'wifi.operator': '{name}، من مشغّلي الشبكة',
    'wifi.note': 'الأسماء والشروط في wifi.json بجانب الفترات، وكل منها موقّع: للجهاز يوقّع مالكه في السجلّ، ولنقطة وصول وجدها المستخدمون يوقّع مشغّل تسمّيه القواعد. ولا يقول من وجدها ولا متى.',
    'wifi.passedOver': 'عبارات انتهت أو لم يوقّعها من يُؤخذ بكلمته لا تُعرض، وعددها {count}.',
    'access.open': 'مفتوحة',
    'access.password': 'بكلمة مرور',
    'access.portal': 'بصفحة موافقة',
    'access.passpoint': 'بملف تعريف (Passpoint)',
    'device.since': 'إن سُجّل بعدها فتاريخه يذكر ذلك، ويمكن نقل ملكيته.',
} as const;
