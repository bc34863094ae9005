import Benchmark
import FetchCore
import PictoryAPI

/// What the API says of a job, as the model understands it.
func replyBenchmarks() {
    replies("API reply: completed") { id in
        #"{"job_id":"\#(id)","success":true,"data":{"status":"completed","url":"https://images.example/u/\#(id).png","#
            + #""width":1152,"height":896,"aiCreditsUsed":4}}"#
    }
    replies("API reply: in progress") { id in #"{"job_id":"\#(id)","success":true,"data":{"status":"in-progress"}}"# }
}

private func replies(_ name: String, body: (JobID) -> String) {
    let count = 10_000
    let replies = (1...count).map { number in
        let id = Material.id(number)
        return (id, APIReply(status: 200, body: Array(body(id).utf8)))
    }
    benchmark(name, in: .replies, amount: count) {
        for (id, reply) in replies {
            do {
                blackHole(try PictoryClient.decode(reply, for: id))
            } catch {
                preconditionFailure("every reply is a good one: \(error)")
            }
        }
    }
}
