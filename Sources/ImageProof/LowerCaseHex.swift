/// Two lower-case hexadecimal digits for each byte.
func lowerCaseHex(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        text += String(byte >> 4, radix: 16)
        text += String(byte & 0x0F, radix: 16)
    }
    return text
}
