/// Why a connection or its request failed, where no library has an error for it.
enum ConnectionError: Error, Equatable {
    /// The connection could not be made, or the reply did not come, in the time that it has.
    case timeout
    /// The time to connect was over before the name was looked up.
    case resolverSilent
    /// The peer hung up before its reply was whole.
    case hangUp
    /// The reply is larger than any that is read.
    case replyTooLarge
}
