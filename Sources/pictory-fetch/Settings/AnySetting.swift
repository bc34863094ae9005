import JSONBridge

/// A setting whose kind of value does not matter.
protocol AnySetting: Sendable {
    var name: String { get }

    /// Makes sure that whatever was given for it can be its value.
    func check(in settings: EffectiveSettings) throws(StartError)

    /// What holds and where it comes from, as `pictory-fetch config` prints it.
    func report(of settings: EffectiveSettings) throws(StartError) -> SettingReport
}

extension Setting: AnySetting {
    func check(in settings: EffectiveSettings) throws(StartError) {
        _ = try settings.given(self)
    }

    func report(of settings: EffectiveSettings) throws(StartError) -> SettingReport {
        let effective = try settings.effective(self)
        return SettingReport(name: name, value: effective.value.json, source: effective.source)
    }
}

/// One line of what `pictory-fetch config` prints.
struct SettingReport {
    let name: String
    let value: JSONOutput
    /// One of `flag`, `environment`, `file`, `default` and, for the API key alone, `credentials`.
    let source: String
    /// The flag, the variable or the file; nil for a default.
    let from: String?

    init(name: String, value: JSONOutput, source: String, from: String?) {
        self.name = name
        self.value = value
        self.source = source
        self.from = from
    }

    init(name: String, value: JSONOutput, source: EffectiveSettings.Source) {
        self.name = name
        self.value = value
        (self.source, from) =
            switch source {
            case .flag: ("flag", "--\(name)")
            case .variable(let variable): ("environment", variable)
            case .file(let path): ("file", path)
            case .standard: ("default", nil)
            }
    }

    /// One JSON object on a line of its own.
    var line: [UInt8] {
        var fields = [("name", JSONOutput.string(name)), ("value", value), ("source", .string(source))]
        if let from { fields.append(("from", .string(from))) }
        return JSONOutput.object(fields.map { (name: $0.0, value: $0.1) }).line()
    }
}
