import Testing

@testable import FetchCore

@Suite struct NameClaimsTests {
    private let name: ImageName
    private let other: ImageName

    init() throws {
        name = try #require(ImageName("acme/cat.png"))
        other = try #require(ImageName("acme/dog.png"))
    }

    @Test func firstJobThatIsKeptHasTheName() {
        var claims = NameClaims()
        #expect(claims.claim(name, for: .sample(1), key: 1) == .granted)
        #expect(claims.claim(name, for: .sample(2), key: 2) == .waiting)
        #expect(claims.claim(other, for: .sample(3), key: 3) == .granted)
        #expect(claims.waitingCount == 1)
        #expect(claims.keep(name, by: .sample(1)) == [2])
        #expect(claims.waitingCount == 0)
        #expect(claims.claim(name, for: .sample(4), key: 4) == .taken(by: .sample(1)))
    }

    @Test func nameOfAJobWithoutImageGoesToTheNextThatAsked() {
        var claims = NameClaims()
        for number in 1...3 { _ = claims.claim(name, for: .sample(number), key: number) }
        #expect(claims.release(name, by: .sample(1)) == 2)
        #expect(claims.waitingCount == 1)
        #expect(claims.release(name, by: .sample(2)) == 3)
        #expect(claims.release(name, by: .sample(3)) == nil)
        #expect(claims.claim(name, for: .sample(4), key: 4) == .granted)
    }

    @Test func holderMayAskAgainAndNobodyElseCanGiveTheNameAway() {
        var claims = NameClaims()
        _ = claims.claim(name, for: .sample(1), key: 1)
        #expect(claims.claim(name, for: .sample(1), key: 1) == .granted)
        #expect(claims.release(name, by: .sample(2)) == nil)
        #expect(claims.keep(name, by: .sample(2)) == [])
        #expect(claims.claim(name, for: .sample(2), key: 2) == .waiting)
    }

    @Test func recordGivesAJobTheNameForGood() {
        var recorded = RecordedNames()
        recorded.note(name.text, .sample, of: .sample(9))
        var claims = NameClaims(recorded: recorded)
        #expect(claims.claim(name, for: .sample(1), key: 1) == .taken(by: .sample(9)))
        #expect(claims.claim(name, for: .sample(9), key: 9) == .granted)
        #expect(claims.recordedImage(named: name, of: .sample(9)) == .sample)
        #expect(claims.recordedImage(named: name, of: .sample(1)) == nil)
        #expect(claims.recordedImage(named: other, of: .sample(9)) == nil)
        #expect(claims.release(name, by: .sample(9)) == nil)
        #expect(claims.claim(name, for: .sample(1), key: 1) == .taken(by: .sample(9)))
    }

    @Test func laterRecordOfANameCounts() {
        var recorded = RecordedNames()
        recorded.note(name.text, .sample, of: .sample(1))
        recorded.note(name.text, .sample, of: .sample(2))
        #expect(recorded.holder(of: name) == .sample(2))
    }

    @Test func allThatWaitCanBeTakenOut() {
        var claims = NameClaims()
        for number in 1...3 {
            _ = claims.claim(name, for: .sample(number), key: number)
            _ = claims.claim(other, for: .sample(number), key: number + 10)
        }
        #expect(claims.removeWaiting() == [2, 3, 12, 13])
        #expect(claims.waitingCount == 0)
        #expect(claims.release(name, by: .sample(1)) == nil)
        #expect(claims.removeWaiting() == [])
    }
}
