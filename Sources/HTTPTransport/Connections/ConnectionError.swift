/// Why a connection or its request failed, where no library has an error for it.
enum ConnectionError: Error, Equatable {
    /// The deadline has passed before the connection was made, or before the reply arrived.
    case timeout
    /// The time to connect was over before the name was looked up.
    case resolverSilent
    /// The peer closed the connection before its reply was complete.
    case hangUp
    /// The reply is larger than any that is read.
    case replyTooLarge
}
