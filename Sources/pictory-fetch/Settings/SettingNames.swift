import FetchCore

/// Which names may stand in a configuration file and in the environment.
///
/// A name that is no setting is refused rather than passed over: a setting that is misspelled would otherwise have no
/// effect, on the one night when it was to have one.
enum SettingNames {
    /// Why a name may not stand in the file, as the end of a sentence about the file; nil when it may.
    static func refusal(ofFileName name: String) -> String? {
        if isSetting(name) { return nil }
        if isKey(name) { return "says \"\(shown(name))\", but holds no API key. \(APIKey.threeWays)" }
        switch name {
        case "config", "help", "version":
            return "says \"\(name)\", which makes sense as a flag only"
        case "manifest", "manifests":
            return "says \"\(name)\", but manifests are named on the command line"
        default:
            return "says \"\(shown(name))\", which is no setting\(hint(for: name) { $0 })"
        }
    }

    /// Why a variable may not be set, as a sentence; nil when it may.
    static func refusal(ofVariable variable: String) -> String? {
        guard variable.hasPrefix(EnvironmentName.prefix), variable != EnvironmentName.file,
            !Settings.all.contains(where: { EnvironmentName.variable(for: $0.name) == variable })
        else { return nil }
        let name = String(variable.dropFirst(EnvironmentName.prefix.count))
        if isKey(name) { return "\(shown(variable)) is set, but is no place for the API key. \(APIKey.threeWays)" }
        return "\(shown(variable)) is set, but is no setting\(hint(for: name, EnvironmentName.variable))"
    }

    private static func isSetting(_ name: String) -> Bool {
        Settings.all.contains { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// A few spellings of "API key" and what it could be taken for.
    private static func isKey(_ name: String) -> Bool {
        ["apikey", "key", "pictorykey", "pictoryapikey", "token", "apitoken", "authorization", "secret"]
            .contains(letters(of: name))
    }

    /// The setting that has the same letters, for those who wrote `poll_interval` or `maxWait`.
    private static func hint(for name: String, _ spelled: (String) -> String) -> String {
        let meant = Settings.all.first { letters(of: $0.name) == letters(of: name) }
        let hint = meant.map { "; \(spelled($0.name)) is" }
        return hint ?? "; see pictory-fetch --help"
    }

    private static func letters(of name: String) -> String {
        String(name.lowercased().filter(\.isLetter))
    }

    /// A stranger's name as it may stand in a message.
    static func shown(_ name: String) -> String { ForeignText.printable(name, limit: 40) }
}
