import Foundation

/// What the simulator counted, as it reports it.
struct Statistics: Decodable {
    struct Requests: Decodable {
        let poll: Int
        let image: Int
        let other: Int
    }

    struct InFlight: Decodable {
        let most: Int
    }

    struct WithKey: Decodable {
        let authorizationHeader: Int
        let otherHeader: Int
        let url: Int

        enum CodingKeys: String, CodingKey {
            case authorizationHeader = "authorization_header"
            case otherHeader = "other_header"
            case url
        }

        var total: Int { authorizationHeader + otherHeader + url }
    }

    let requests: Requests
    /// By HTTP status, as text.
    let pollStatus: [String: Int]
    let inFlight: InFlight
    let imageRequestsWithKey: WithKey
    let mostPollsInASecond: Int
    let pollsPerJob: [String: Int]
    let imagesPerJob: [String: Int]

    enum CodingKeys: String, CodingKey {
        case requests
        case pollStatus = "poll_status"
        case inFlight = "in_flight"
        case imageRequestsWithKey = "image_requests_with_key"
        case mostPollsInASecond = "most_polls_in_a_second"
        case pollsPerJob = "polls_per_job"
        case imagesPerJob = "images_per_job"
    }
}
