/// Why something is refused, as the error says it; nil when it is not.
public func refusal(of work: () throws -> Void) -> String? {
    do {
        try work()
        return nil
    } catch {
        return "\(error)"
    }
}
