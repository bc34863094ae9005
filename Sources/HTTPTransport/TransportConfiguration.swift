public import FetchCore
import NIOSSL
import WebAddress

/// Which servers HTTP/2 is offered to, by ALPN, and so over TLS alone.
public enum HTTP2Offer: Sendable {
    case nowhere, api, everywhere
}

/// The settings of the transport.
public struct TransportConfiguration: Sendable {
    /// Absolute http or https url; requests go to this url with `/v1/jobs/<id>` appended.
    public var apiURL: String
    public var apiKey: String
    /// `pictory-fetch/<version>`. The gateway before the API turns a library's own name away.
    public var userAgent: String
    /// From the look-up of the name to the end of the TLS handshake.
    public var connectTimeout: Duration
    /// A whole API request, from its start to the last byte of the reply, redirects included.
    public var requestTimeout: Duration
    /// Longest silence within a download, the wait for its first byte included.
    public var stallTimeout: Duration
    public var maxImageBytes: Int
    /// Most bytes a second of all downloads together, as they come over the wire; nil for no limit.
    public var maxDownloadRate: Int?
    /// PEM file with certificates to trust besides the system's.
    public var caFile: String?
    /// Plain http is accepted beyond loopback.
    public var allowHTTP: Bool
    /// Hosts that images may come from; none means every public host.
    public var allowedHosts: [String]
    /// The proxies between this machine and the servers; by default there are none.
    public var proxies: ProxySettings
    /// Where HTTP/2 is offered; a server that does not speak it gets HTTP/1.1.
    public var http2: HTTP2Offer
    /// Most requests in flight at once, so most connections to one host.
    public var concurrency: Int
    /// Threads that serve the connections, each with three open files of its own.
    public var eventLoops: Int
    /// The wall clock's time, from which the date in a `Retry-After` is counted if the reply has no date of its own.
    public var wallClock: @Sendable () -> Timestamp

    public init(
        apiURL: String, apiKey: String, userAgent: String, connectTimeout: Duration, requestTimeout: Duration,
        stallTimeout: Duration, maxImageBytes: Int, maxDownloadRate: Int? = nil, caFile: String? = nil,
        allowHTTP: Bool = false, allowedHosts: [String] = [], proxies: ProxySettings = ProxySettings(),
        http2: HTTP2Offer = .api, concurrency: Int, eventLoops: Int = 1,
        wallClock: @escaping @Sendable () -> Timestamp
    ) {
        self.apiURL = apiURL
        self.apiKey = apiKey
        self.userAgent = userAgent
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.stallTimeout = stallTimeout
        self.maxImageBytes = maxImageBytes
        self.maxDownloadRate = maxDownloadRate
        self.caFile = caFile
        self.allowHTTP = allowHTTP
        self.allowedHosts = allowedHosts
        self.proxies = proxies
        self.http2 = http2
        self.concurrency = concurrency
        self.eventLoops = eventLoops
        self.wallClock = wallClock
    }

    /// Throws what ``HTTPTransport/withTransport(_:_:)`` would throw, without making a connection. Reads the CA file.
    public func validate() throws(ConfigurationError) {
        if let error = errors().first { throw error }
    }

    /// Everything that ``HTTPTransport/withTransport(_:_:)`` would refuse, in its order. Reads the CA file.
    ///
    /// Without a key that was found, `besidesKey` leaves the key out.
    public func errors(besidesKey: Bool = false) -> [ConfigurationError] {
        var errors: [ConfigurationError] = []
        func collect<Part>(_ check: () throws(ConfigurationError) -> Part) -> Part? {
            do {
                return try check()
            } catch {
                errors.append(error)
                return nil
            }
        }
        if !besidesKey { _ = collect { () throws(ConfigurationError) in try checkKey() } }
        let url = collect { () throws(ConfigurationError) in try checkedAPIURL() }
        _ = collect { () throws(ConfigurationError) in try checkedPatterns() }
        // Which proxy leads to the API depends on its url.
        if let url { _ = collect { () throws(ConfigurationError) in try checkedProxies(apiOrigin: url.origin) } }
        _ = collect { () throws(ConfigurationError) in try trustedCertificates() }
        return errors
    }
}

/// Why the configuration cannot work; found before the first request.
public struct ConfigurationError: Error, Sendable, Equatable {
    /// One sentence for a person. It never holds the key, nor anything of a proxy's url.
    public let message: String

    public init(message: String) {
        self.message = message
    }
}

extension TransportConfiguration {
    /// The API's url, if requests may go there.
    ///
    /// A person wrote it and can correct it, so mistakes that browsers forgive are errors here.
    func checkedAPIURL() throws(ConfigurationError) -> WebURL {
        guard apiURL.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw ConfigurationError(message: "The API url has a space or a control character in it.")
        }
        let url: WebURL
        do { url = try WebURL(apiURL) } catch { throw ConfigurationError(message: "The API url \(error.sentence).") }
        let slashes = apiURL.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst().prefix { "/\\".utf8.contains($0) }
        guard slashes.count == 2 else { throw ConfigurationError(message: "The API url is not absolute.") }
        guard !url.target.utf8.contains(UInt8(ascii: "?")), !apiURL.utf8.contains(UInt8(ascii: "#")) else {
            throw ConfigurationError(message: "The API url may have neither a query nor a fragment.")
        }
        guard url.origin.scheme == .https || allowHTTP || url.origin.host.isLoopback else {
            throw ConfigurationError(
                message: "The API url is plain http to \(url.origin.host.text), which --allow-http would permit.")
        }
        return url
    }

    /// Checks that a header can carry the key. A line break in it means that a file was read wrongly.
    func checkKey() throws(ConfigurationError) {
        guard !apiKey.isEmpty else { throw ConfigurationError(message: "The API key is empty.") }
        guard let invalid = apiKey.utf8.first(where: { !(0x21...0x7e).contains($0) }) else { return }
        let what =
            switch invalid {
            case 0x0A, 0x0D: "a line break"
            case 0x20: "a space"
            case 0..<0x20, 0x7F: "a control character"
            default: "a character that is not ASCII"
            }
        throw ConfigurationError(message: "The API key has \(what) within it, which no key has.")
    }

    func checkedPatterns() throws(ConfigurationError) -> [HostPattern] {
        var patterns: [HostPattern] = []
        for text in allowedHosts {
            guard let pattern = HostPattern(text) else {
                throw ConfigurationError(
                    message: "'\(text)' is not a host to allow: give a name, an address or *.name, without a port.")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    /// The certificates in the CA file; none if there is no such file.
    func trustedCertificates() throws(ConfigurationError) -> [NIOSSLCertificate] {
        guard let caFile else { return [] }
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(caFile)
        } catch {
            throw ConfigurationError(message: "The CA file \(caFile) cannot be read, or holds no PEM certificates.")
        }
        guard !certificates.isEmpty else {
            throw ConfigurationError(message: "The CA file \(caFile) holds no certificates.")
        }
        return certificates
    }
}
