import FetchCore
import JSONBridge

/// What holds for a run: of each setting the flag, else the variable of the environment, else what the file says, else
/// the default.
struct EffectiveSettings {
    let typed: RunOptions
    let environment: [String: String]
    private var file: SettingsFile?

    /// Reads the configuration file and checks every value that was given anywhere, also one that another overrides:
    /// it must not wait for the night on which it counts.
    init(_ typed: RunOptions, environment: [String: String]) throws(StartError) {
        let (settings, errors) = Self.read(typed, environment: environment)
        if let error = errors.first { throw error }
        self = settings
    }

    /// Everything that is wrong with the values, in the order in which ``init(_:environment:)`` finds it.
    static func errors(_ typed: RunOptions, environment: [String: String]) -> [StartError] {
        read(typed, environment: environment).errors
    }

    private init(typed: RunOptions, environment: [String: String]) {
        self.typed = typed
        self.environment = environment
    }

    private static func read(
        _ typed: RunOptions, environment: [String: String]
    ) -> (settings: EffectiveSettings, errors: [StartError]) {
        var settings = EffectiveSettings(typed: typed, environment: environment)
        var errors: [StartError] = []
        func collect(_ step: () throws(StartError) -> Void) {
            do {
                try step()
            } catch {
                errors.append(error)
            }
        }
        for variable in environment.keys.sorted() where settings.variable(variable) != nil {
            if let refusal = SettingNames.refusal(ofVariable: variable) {
                errors.append(StartError(status: .configuration, message: refusal))
            }
        }
        if let path = typed.config ?? settings.variable(EnvironmentName.file) {
            collect { () throws(StartError) in settings.file = try SettingsFile(path: path) }
        }
        for setting in Settings.all {
            collect { () throws(StartError) in try setting.check(in: settings) }
        }
        // What is wrong by itself goes with nothing.
        if errors.isEmpty { collect { () throws(StartError) in try settings.checkTogether() } }
        return (settings, errors)
    }

    /// The text of a variable of the environment. One that is empty counts as not set: a service manager may know no
    /// other way to take it back.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A setting's value and where it comes from.
    func effective<Value>(_ setting: Setting<Value>) throws(StartError) -> Effective<Value> {
        if let given = try given(setting) { return given }
        return Effective(
            name: setting.name, value: try setting.adapted?(self) ?? setting.standard, source: .standard)
    }

    /// A setting's value.
    func callAsFunction<Value>(_ setting: Setting<Value>) throws(StartError) -> Value {
        try effective(setting).value
    }

    /// The value that the setting was given; nil when it has its default.
    func given<Value>(_ setting: Setting<Value>) throws(StartError) -> Effective<Value>? {
        let candidates = [
            inFile(setting), inEnvironment(setting),
            setting.typed(typed).map { (.flag, setting.accepted($0)) },
        ]
        var given: Effective<Value>?
        for case (let source, let value)? in candidates {
            guard let value else {
                let short = source == .flag ? setting.short.map { " (-\($0))" } ?? "" : ""
                throw StartError(
                    status: source.errorStatus,
                    message:
                        "\(source.place(of: setting.name))\(short) has a wrong value; expected is \(setting.expected)")
            }
            if let fault = value.fault {
                throw StartError(status: source.errorStatus, message: "\(source.place(of: setting.name)) \(fault)")
            }
            given = Effective(name: setting.name, value: value, source: source)
        }
        return given
    }

    private func inFile<Value>(_ setting: Setting<Value>) -> (Source, Value?)? {
        guard let file, let json = file[setting.name] else { return nil }
        return (.file(file.path), setting.accepted(Value(json: json)))
    }

    private func inEnvironment<Value>(_ setting: Setting<Value>) -> (Source, Value?)? {
        for variable in setting.variables {
            guard let text = self.variable(variable) else { continue }
            return (.variable(variable), setting.accepted(Value(variable: text)))
        }
        return nil
    }
}

/// A value that holds, and where it was given.
struct Effective<Value: SettingValue> {
    let name: String
    let value: Value
    let source: EffectiveSettings.Source

    /// How a message names the value.
    var place: String { source.place(of: name) }
}

extension EffectiveSettings {
    /// Where a value was given.
    enum Source: Equatable {
        case flag
        /// The variable's name.
        case variable(String)
        /// The file's path as it was named.
        case file(String)
        case standard

        /// What someone has to look for to find the value.
        func place(of name: String) -> String {
            switch self {
            case .flag, .standard: "--\(name)"
            case .variable(let variable): variable
            case .file(let path): "\"\(name)\" in \(path)"
            }
        }

        /// A wrong flag is an error of usage. A wrong variable or file is an error of the configuration.
        var errorStatus: ExitStatus {
            switch self {
            case .flag, .standard: .usage
            case .variable, .file: .configuration
            }
        }
    }
}
