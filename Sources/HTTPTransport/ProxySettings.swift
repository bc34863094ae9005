/// The proxies that the environment names, as text.
public struct ProxySettings: Sendable, Equatable {
    /// A variable that is set. Its name may stand in messages; its value may hold a password and must not.
    public struct Variable: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// For https urls, which go through a tunnel.
    public var https: Variable?
    /// For plain http urls, which the proxy reads.
    public var http: Variable?
    /// Hosts that are reached without a proxy, separated by commas.
    public var exceptions: String

    public init(https: Variable? = nil, http: Variable? = nil, exceptions: String = "") {
        self.https = https
        self.http = http
        self.exceptions = exceptions
    }

    /// Finds the variables as curl does: lower case wins, an empty one counts as not set, and `HTTP_PROXY` is ignored.
    ///
    /// A program that a web server runs (CGI) finds in `HTTP_PROXY` whatever the client wrote in a header `Proxy`.
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
