/// What ends an exchange that no library has an error for.
enum ConnectionFault: Error, Equatable {
    /// The connection could not be made, or the reply did not come, in the time that it has.
    case timeout
    /// The name was still being looked up when the time to connect was over.
    case resolverSilent
    /// The peer hung up before its reply was whole.
    case hangUp
    /// The reply is larger than any that is read.
    case replyTooLarge
}
