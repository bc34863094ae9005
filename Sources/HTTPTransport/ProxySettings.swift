/// The proxies that the environment asks for, as it spells them.
public struct ProxySettings: Sendable, Equatable {
    /// A variable that is set; its name is for messages, its value may hold a password and is for none.
    public struct Variable: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// For https urls; they go through a tunnel.
    public var https: Variable?
    /// For plain http urls; the proxy reads them.
    public var http: Variable?
    /// Hosts that are reached without a proxy, separated by commas.
    public var exceptions: String

    public init(https: Variable? = nil, http: Variable? = nil, exceptions: String = "") {
        self.https = https
        self.http = http
        self.exceptions = exceptions
    }

    /// Finds the variables as curl does: lower case wins, an empty one is not set, and `HTTP_PROXY` is not looked at.
    ///
    /// Whatever runs below a web server has in `HTTP_PROXY` what the client wrote in a header `Proxy`.
    public init(environment: [String: String]) {
        func first(_ names: String...) -> Variable? {
            for name in names {
                if let value = environment[name], !value.isEmpty { return Variable(name: name, value: value) }
            }
            return nil
        }
        self.init(
            https: first("https_proxy", "HTTPS_PROXY"), http: first("http_proxy"),
            exceptions: first("no_proxy", "NO_PROXY")?.value ?? "")
    }
}
