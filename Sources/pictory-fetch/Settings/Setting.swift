import ArgumentParser

/// One thing about a run that can be set by a flag, by a variable of the environment and in a configuration file.
///
/// From here come the flag's names and help, the variable's name, the name in the file, the default, and what
/// `pictory-fetch config` prints.
struct Setting<Value: SettingValue>: Sendable {
    /// The long flag's name without its dashes, which is also the name in the file.
    let name: String
    let short: Character?
    /// The sentence about it in the help text, its default included.
    let help: ArgumentHelp
    /// What a value has to be, as the end of a sentence.
    let expected: String
    let standard: Value
    /// Variables of the environment, the first that is set goes before the others.
    let variables: [String]
    private let accepts: @Sendable (Value) -> Bool
    /// What was typed as the flag; nil when it was not.
    let typed: @Sendable (RunOptions) -> Value?
    /// The default where it depends on other settings; nil where it does not.
    let adapted: (@Sendable (EffectiveSettings) throws(StartError) -> Value)?

    private init(
        _ name: String, short: Character?, _ sentence: String, valueName: String?, expected: String?, standard: Value,
        otherVariable: String? = nil, accepts: @escaping @Sendable (Value) -> Bool = { _ in true },
        adapted: (@Sendable (EffectiveSettings) throws(StartError) -> Value)? = nil,
        typed: @escaping @Sendable (RunOptions) -> Value?
    ) {
        self.name = name
        self.short = short
        self.expected = expected ?? Value.expected
        self.standard = standard
        self.accepts = accepts
        self.adapted = adapted
        self.typed = typed
        variables = [EnvironmentName.variable(for: name)] + [otherVariable].compactMap { $0 }
        let remark = standard.spelled.map { " (default: \($0))" } ?? ""
        help = ArgumentHelp("\(sentence)\(remark)", valueName: valueName)
    }

    /// A setting that always has a value.
    init(
        _ name: String, short: Character? = nil, _ sentence: String, valueName: String? = nil,
        expected: String? = nil, default standard: Value, otherVariable: String? = nil,
        adapted: (@Sendable (EffectiveSettings) throws(StartError) -> Value)? = nil,
        typed: @escaping @Sendable (RunOptions) -> Value?
    ) {
        self.init(
            name, short: short, sentence, valueName: valueName, expected: expected, standard: standard,
            otherVariable: otherVariable, adapted: adapted, typed: typed)
    }

    /// A setting that has no value unless it is given one.
    init<Given: SettingValue>(
        _ name: String, short: Character? = nil, _ sentence: String, valueName: String? = nil,
        expected: String? = nil, typed: @escaping @Sendable (RunOptions) -> Given?
    ) where Value == Given? {
        self.init(
            name, short: short, sentence, valueName: valueName, expected: expected, standard: nil,
            typed: { options in typed(options).map(Optional.some) })
    }

    /// A whole number within bounds.
    init(
        _ name: String, short: Character? = nil, _ sentence: String, valueName: String = "n", default standard: Int,
        in range: ClosedRange<Int>, typed: @escaping @Sendable (RunOptions) -> Int?
    ) where Value == Int {
        let expected =
            range.upperBound == .max
            ? "a whole number, at least \(range.lowerBound)"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        self.init(
            name, short: short, sentence, valueName: valueName, expected: expected, standard: standard,
            accepts: range.contains, typed: typed)
    }

    /// The value, or nil if the setting cannot have it.
    func accepted(_ value: Value?) -> Value? {
        value.flatMap { accepts($0) ? $0 : nil }
    }
}

/// How settings are called in the environment.
enum EnvironmentName {
    /// Every variable that begins so is taken for a setting.
    static let prefix = "PICTORY_FETCH_"
    /// The variable that names the configuration file.
    static let file = "PICTORY_FETCH_CONFIG"

    /// `poll-interval` is PICTORY_FETCH_POLL_INTERVAL, and `http1.1` is PICTORY_FETCH_HTTP1_1: a shell sets no variable
    /// with a dash or a dot in its name.
    static func variable(for name: String) -> String {
        prefix + name.uppercased().map { $0 == "-" || $0 == "." ? "_" : String($0) }.joined()
    }
}

extension Setting {
    /// The flag's names.
    fileprivate var names: NameSpecification {
        guard let short else { return [.customLong(name)] }
        return [.customShort(short), .customLong(name)]
    }
}

extension Option {
    /// The flag of a setting that always has a value.
    init<Given: ExpressibleByArgument & SettingValue>(_ setting: Setting<Given>) where Value == Given? {
        self.init(name: setting.names, help: setting.help) { try Given(flag: $0, expected: setting.expected) }
    }

    /// The flag of a setting that may have no value.
    init<Given: ExpressibleByArgument & SettingValue>(_ setting: Setting<Given?>) where Value == Given? {
        self.init(name: setting.names, help: setting.help) { try Given(flag: $0, expected: setting.expected) }
    }

    /// The flag of a setting whose value is one of a few words, which help, completion and refusals list.
    init<Given: ExpressibleByArgument & SettingValue & CaseIterable>(_ setting: Setting<Given>) where Value == Given? {
        self.init(name: setting.names, help: setting.help)
    }

    /// A flag that may be given several times.
    init(_ setting: Setting<[String]>) where Value == [String] {
        self.init(wrappedValue: [], name: setting.names, help: setting.help)
    }
}

extension Flag where Value == Bool? {
    /// A flag without a value; its opposite, which begins with `no-`, takes back what the environment or the file says.
    init(_ setting: Setting<Bool>) {
        self.init(name: setting.names, inversion: .prefixedNo, help: setting.help)
    }
}

extension SettingValue where Self: ExpressibleByArgument {
    /// The value of a flag as typed. The error says what is expected: a flag's own refusal repeats only what was typed.
    fileprivate init(flag text: String, expected: String) throws {
        guard let value = Self(argument: text) else { throw ValidationError("expected is \(expected)") }
        self = value
    }
}
