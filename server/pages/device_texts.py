"""The texts of the devices page, Chinese first, English beside it. Pure data."""

from typing import Final

DEVICE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "devices": ("设备", "Devices"),
    "devices.note": (
        "设备的私钥只在设备上；中心只存公钥和令牌的哈希。吊销立即生效：上传、消息和代理连接一律拒绝。",
        "A device's private key is on the device alone; the centre keeps its public key and its token's hash. A "
        "revocation holds at once: uploads, messages and the broker's connection are refused.",
    ),
    "devices.none": ("尚无登记的设备。", "No device is enrolled."),
    "device": ("设备", "Device"),
    "device.cameras": ("摄像机", "Cameras"),
    "device.any_camera": ("该路口任意摄像机", "any of its site"),
    "device.key": ("公钥指纹", "Key's fingerprint"),
    "device.enrolled": ("登记时间", "Enrolled"),
    "device.heartbeat": ("最近心跳", "Last heartbeat"),
    "device.no_heartbeat": ("尚无", "none yet"),
    "device.active": ("在用", "in use"),
    "device.revoked": ("已吊销", "revoked"),
    "device.revoke": ("立即吊销", "Revoke at once"),
    "device.key_fate": ("密钥去向", "What of its key"),
    "device.key_kept": ("设备已收回，旧证据仍可信", "The box is in hand: what it sealed stands"),
    "device.key_lost": ("被盗或失控，其密钥不再可信", "Stolen or out of hand: its key is believed nothing"),
    "device.broker_later": (
        "已吊销，但尚未通知消息代理；连接恢复后自动通知。其消息已被拒收。",
        "Revoked, but the broker has not been told yet: it is told when it is back. What the device sends is refused.",
    ),
    "code": ("登记码", "Enrolment code"),
    "code.new": ("新登记码", "New code"),
    "code.note": (
        "登记码只显示这一次，30 分钟内有效，只能用一次；已登记的设备号再次登记，旧密钥和旧令牌立即失效。",
        "The code is shown this once, ends after 30 minutes and is for one use. If the device is enrolled already, its "
        "old key and token end as the code is used.",
    ),
    "code.device": ("设备号", "Device id"),
    "code.site": ("路口号", "Site id"),
    "code.cameras": ("摄像机号（空格分隔；不填：该路口任意）", "Camera ids (spaces between; empty: any of the site)"),
    "code.on_the_box": ("在设备上运行", "Run on the box"),
    "code.open": ("未使用的登记码", "Codes not used yet"),
    "code.made_by": ("签发人", "Made by"),
    "code.withdraw": ("撤回", "Withdraw"),
    "code.refused": ("被拒绝的登记", "Enrolments refused"),
    "refusal.malformed": ("格式不符", "no request"),
    "refusal.bad_proof": ("密钥证明不符", "key not proven"),
    "refusal.unknown_code": ("无此登记码", "unknown code"),
    "refusal.code_withdrawn": ("登记码已撤回", "code withdrawn"),
    "refusal.code_over": ("登记码已过期", "code over"),
    "refusal.code_used": ("登记码已使用", "code used"),
    "refusal.key_lost": ("密钥已失控", "lost key"),
    "refusal.too_many": ("尝试过多", "too many tries"),
}
