/// Words of a command that a person pastes into a shell.
///
/// They are taken apart by scalars: a mark that combines with a quote makes one character of the two, and the shell still
/// sees a quote.
public enum ShellWord {
    /// A word for any shell of POSIX. One with a character that nobody sees is spelled by `$'…'`, byte by byte, so that
    /// what is copied is what is shown; older shells, such as dash, do not know that form.
    public static func quoted(_ word: String) -> String {
        let scalars = word.unicodeScalars
        // zsh puts a command's path for a word such as `=ls`.
        if !scalars.isEmpty, scalars.first != "=", scalars.allSatisfy(isPlain) { return word }
        guard scalars.allSatisfy(ForeignText.isSeen) else { return "$'" + scalars.map(escaped).joined() + "'" }
        return "'" + scalars.map { $0 == "'" ? #"'\''"# : String($0) }.joined() + "'"
    }

    /// A path that no program takes for a flag, or for standard input; not quoted yet.
    public static func path(_ path: String) -> String {
        path.utf8.first == UInt8(ascii: "-") ? "./\(path)" : path
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ",", ":", "@", "%", "+", "=": true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'", "\\": return "\\\(scalar)"
        case _ where ForeignText.isSeen(scalar): return String(scalar)
        default:
            return String(scalar).utf8.map { byte in
                let digits = String(byte, radix: 8)
                return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }.joined()
        }
    }
}
