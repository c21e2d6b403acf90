---------------------------- MODULE LeasePromise ----------------------------
(***************************************************************************)
(* The promise rules of one cell: what a server may tell a client, with or *)
(* without reaching the other servers, so that no address is ever promised *)
(* to two clients at once.  README.md says which code each name stands for.*)
(*                                                                         *)
(* The replicated log is abstracted to one linearizable cell state.  Any   *)
(* server may append at any time or act alone at any time: safety must not *)
(* depend on anyone noticing a partition.  A server's view is the cell     *)
(* state at the index that it has applied; it may lag without bound.       *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS Servers, Clients, Addresses,
          Lease,        \* longest lease duration
          ShortLease,   \* another duration that a committed lease may have: configurations change, clients ask for less
          Mclt,         \* how far a promise made alone may lead the committed expiry
          EscrowTerm,   \* how long an escrowed address stays with its server
          Skew,         \* bound on the difference of any two clocks
          MaxTime, MaxIndex,
          Features,     \* what may happen beside the rest: a subset of AllFeatures, to keep a run small
          Mutant        \* 0: the protocol; other numbers break one rule each

AllFeatures == {"escrow",   \* R3
                "down",     \* servers are declared down
                "crash",    \* servers restart on an older durable state
                "reserve",  \* R4, and reservations that are taken away
                "late",     \* a RELEASE reaches the log late
                "split"}    \* commit and journal are not one atomic step
ASSUME Features \subseteq AllFeatures

VARIABLES now,
          cell,         \* address -> binding, the committed state
          index,        \* log index of the last committed entry
          settled,      \* server -> highest index that the leader has heard it report
          view, applied,    \* server -> state it has applied, and its index
          journal,      \* server -> promises made alone, not known to be committed
          claims,       \* server -> address -> what it did with escrowed addresses
          reports,      \* reports under way: set of [s, k]
          declaredDown, \* server -> time at which it was declared down, or Never
          durable,      \* server -> state and index that survive a crash
          reported,     \* server -> highest index it ever put into a report; synced before the report leaves
          parting,      \* RELEASEs under way: set of [a, c, idx]
          promised      \* what clients hold: set of [a, c, until]

cellVars == <<cell, index>>
leaderVars == <<settled, declaredDown>>
viewVars == <<view, applied, durable>>
journalVars == <<journal, claims, reported>>
netVars == <<reports, parting>>
vars == <<now, cellVars, leaderVars, viewVars, journalVars, netVars, promised>>

Never == MaxTime + 1000
Nobody == "nobody"
\* A binding: state, client, expiry, index of the entry that made it, escrow's owner, whom it is reserved for, and
\* whether time alone must not free it.  "lapsed" is EXPIRED or RELEASED: both wait for the reuse gate.
Free == [st |-> "free", c |-> Nobody, exp |-> 0, idx |-> 0, s |-> Nobody, r |-> Nobody, gate |-> 0]
Min(x, y) == IF x < y THEN x ELSE y
Max(x, y) == IF x > y THEN x ELSE y

\* A server's clock: anywhere within Skew of real time (never before 0).
Clock == {t \in (IF now > Skew THEN now - Skew ELSE 0)..(now + Skew) : TRUE}

Init == /\ now = 0
        /\ cell = [a \in Addresses |-> Free]
        /\ index = 0
        /\ settled = [s \in Servers |-> 0]
        /\ view = [s \in Servers |-> [a \in Addresses |-> Free]]
        /\ applied = [s \in Servers |-> 0]
        /\ journal = [s \in Servers |-> {}]
        /\ claims = [s \in Servers |-> [a \in Addresses |-> {}]]
        /\ reports = {}
        /\ declaredDown = [s \in Servers |-> Never]
        /\ durable = [s \in Servers |-> [view |-> [a \in Addresses |-> Free], index |-> 0]]
        /\ reported = [s \in Servers |-> 0]
        /\ parting = {}
        /\ promised = {}

Up(s) == declaredDown[s] = Never

Commit(a, b) == /\ index < MaxIndex
                /\ index' = index + 1
                /\ cell' = [cell EXCEPT ![a] = [b EXCEPT !.idx = index + 1]]

\* Durations are told to clients relative to now, so a promise ends at real time now + d.
Promise(a, c, until) ==
    promised' = {p \in promised : ~(p.a = a /\ p.c = c /\ p.until <= until)} \cup {[a |-> a, c |-> c, until |-> until]}

-----------------------------------------------------------------------------
(* Committed path *)

\* R1. The expiry never decreases while the client has the address, also not when it lapsed and is bound again: an
\* older state, by which a server may still extend, says the later one.
CommitLease(c, a, t, d) ==
    LET b == cell[a]
        again == b.st \in {"active", "lapsed"} /\ b.c = c
        lowered == Mutant = 10 /\ b.st = "lapsed"
    IN
    /\ again \/ b.st = "free" \/ (b.st = "reserved" /\ b.c = c)
    /\ Commit(a, [b EXCEPT !.st = "active", !.c = c, !.s = Nobody,
                           !.exp = IF again /\ ~lowered THEN Max(@, t + d) ELSE t + d])
    /\ Promise(a, c, now + d)
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars>>

\* A client gives up what it holds.
Release(c, a) ==
    /\ cell[a].st = "active" /\ cell[a].c = c
    /\ Commit(a, [cell[a] EXCEPT !.st = "lapsed"])
    /\ promised' = {p \in promised : ~(p.a = a /\ p.c = c)}
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars>>

\* Its RELEASE may be under way for long. It names the binding that the server knew which heard it.
Part(s, c, a) ==
    /\ "late" \in Features /\ parting = {}
    /\ view[s][a].st = "active" /\ view[s][a].c = c
    /\ promised' = {p \in promised : ~(p.a = a /\ p.c = c)}
    /\ parting' = {[a |-> a, c |-> c, idx |-> view[s][a].idx]}
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, journalVars, reports>>

\* It does nothing to a newer binding.
ReleaseLease(m) ==
    /\ m \in parting
    /\ parting' = parting \ {m}
    /\ IF cell[m.a].st = "active" /\ cell[m.a].c = m.c /\ (cell[m.a].idx = m.idx \/ Mutant = 13)
       THEN Commit(m.a, [cell[m.a] EXCEPT !.st = "lapsed"])
       ELSE UNCHANGED cellVars
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, reports, promised>>

Expire(a, t) ==
    /\ cell[a].st = "active" /\ t > cell[a].exp + (IF Mutant = 7 THEN 0 ELSE 2 * Skew)
    /\ Commit(a, [cell[a] EXCEPT !.st = "lapsed"])
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

Settled(s, i, t) == \/ settled[s] >= i
                    \/ declaredDown[s] # Never /\ t > declaredDown[s] + Lease + (IF Mutant = 8 THEN 0 ELSE 2 * Skew)

\* Time opens the gate once no promise can run that was based on the expiry; that of a reservation taken away, never.
PastGate(b, t) == /\ b.gate = 0 \/ Mutant = 11
                  /\ t > b.exp + Mclt + (IF Mutant = 7 THEN 0 ELSE 2 * Skew)

\* A lapsed address is free (or back with whom it is reserved for) once no server can still lead its old holder.
Reuse(a, t) ==
    LET b == cell[a] IN
    /\ b.st = "lapsed"
    /\ \/ \A s \in Servers : Settled(s, b.idx, t)
       \/ PastGate(b, t)
       \/ Mutant = 1
       \/ Mutant = 2 /\ t > b.exp
    /\ Commit(a, IF b.r = Nobody THEN Free ELSE [Free EXCEPT !.st = "reserved", !.c = b.r, !.r = b.r, !.exp = b.exp])
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

Reserve(a, c) ==
    /\ "reserve" \in Features /\ cell[a].st = "free"
    /\ Commit(a, [Free EXCEPT !.st = "reserved", !.c = c, !.r = c])
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

\* A server that has not heard of it can promise the address again and again, so that only reports open the gate, also
\* when the client holds the address meanwhile.
Unreserve(a) ==
    /\ cell[a].r # Nobody
    /\ Commit(a, [cell[a] EXCEPT !.r = Nobody, !.gate = Never, !.st = IF @ = "reserved" THEN "lapsed" ELSE @])
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

GrantEscrow(a, s, t) ==
    /\ "escrow" \in Features /\ cell[a].st = "free" /\ Up(s)
    /\ Commit(a, [Free EXCEPT !.st = "escrowed", !.exp = t + EscrowTerm, !.s = s])
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

Reclaim(a, t) ==
    /\ cell[a].st = "escrowed"
    /\ \/ t > cell[a].exp + (IF Mutant = 7 THEN 0 ELSE 2 * Skew)
       \/ LET s == cell[a].s IN declaredDown[s] # Never /\ t > declaredDown[s] + Lease + 2 * Skew
    /\ Commit(a, Free)
    /\ UNCHANGED <<now, leaderVars, viewVars, journalVars, netVars, promised>>

-----------------------------------------------------------------------------
(* A server alone *)

\* After a restart a server may stand behind what it has reported: it stays silent until it has caught up with its own word.
Fenced(s) == ~Up(s) \/ (applied[s] < reported[s] /\ Mutant # 9)

\* An escrow grant is known by the index that granted it.
Claimed(s, a) == {g \in claims[s][a] : g.idx = view[s][a].idx}

Entry(a, c, until, g) == [a |-> a, c |-> c, until |-> until, g |-> g, done |-> FALSE]

R2Extension(s, c, a, t, until) ==
    /\ ~Fenced(s)
    /\ view[s][a].st = "active" /\ view[s][a].c = c
    /\ until > t /\ until <= t + Lease
    /\ until <= view[s][a].exp + Mclt
    /\ journal' = IF Mutant = 3 THEN journal ELSE [journal EXCEPT ![s] = @ \cup {Entry(a, c, until, 0)}]
    /\ Promise(a, c, now + (until - t))
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, claims, reported, netVars>>

\* A claim remembers whom the address was given to by a grant, until when, and whether its commit may be under way.
R3Escrow(s, c, a, t, until) ==
    /\ ~Fenced(s)
    /\ view[s][a].st = "escrowed" /\ view[s][a].s = s
    /\ until > t /\ until <= t + Lease
    /\ (Mutant = 4) \/ until <= view[s][a].exp
    /\ \A g \in Claimed(s, a) : \/ g.c = c /\ ~g.flushed
                                \/ g.until + 2 * Skew < t /\ (Mutant = 5 \/ ~g.flushed)
    /\ claims' = [claims EXCEPT ![s][a] = (@ \ Claimed(s, a)) \cup
                      {[idx |-> view[s][a].idx, c |-> c, until |-> until, flushed |-> FALSE]}]
    /\ journal' = [journal EXCEPT ![s] = {j \in @ : ~(j.a = a /\ j.g = view[s][a].idx)} \cup
                      {Entry(a, c, until, view[s][a].idx)}]
    /\ Promise(a, c, now + (until - t))
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, reported, netVars>>

R4Reservation(s, c, a, t, until) ==
    /\ ~Fenced(s)
    /\ view[s][a].st = "reserved" /\ view[s][a].c = c
    /\ until > t /\ until <= t + Lease
    /\ journal' = [journal EXCEPT ![s] = @ \cup {Entry(a, c, until, 0)}]
    /\ Promise(a, c, now + (until - t))
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, claims, reported, netVars>>

Flushed(s, j) == [claims EXCEPT ![s][j.a] = {IF g.idx = j.g THEN [g EXCEPT !.flushed = TRUE] ELSE g : g \in @}]

\* Before a promise out of escrow is proposed, its claim is durably marked: the commit may be done, and undone again,
\* before this server hears of it.
BeforeFlush(s, j) ==
    /\ "split" \in Features /\ Mutant # 12 /\ j \in journal[s] /\ j.g # 0
    /\ claims' = Flushed(s, j) /\ claims' # claims
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, journal, reported, netVars, promised>>

\* Reconnected, a server commits what it promised alone.
CommitPromise(s, j) ==
    /\ j \in journal[s] /\ ~j.done
    /\ IF "split" \in Features
       THEN /\ j.g = 0 \/ Mutant = 12 \/ \A g \in claims[s][j.a] : g.idx = j.g => g.flushed
            /\ journal' = [journal EXCEPT ![s] = (@ \ {j}) \cup {[j EXCEPT !.done = TRUE]}]
            /\ UNCHANGED claims
       ELSE /\ journal' = [journal EXCEPT ![s] = @ \ {j}]
            /\ claims' = Flushed(s, j)
    /\ LET b == cell[j.a] IN
       IF \/ j.g = 0 /\ b.st \in {"active", "lapsed", "reserved"} /\ b.c = j.c
          \/ j.g # 0 /\ b.st = "escrowed" /\ b.idx = j.g
       THEN Commit(j.a, [b EXCEPT !.st = "active", !.c = j.c, !.s = Nobody,
                                  !.exp = Max(IF b.st \in {"active", "lapsed"} THEN @ ELSE 0, j.until)])
       ELSE UNCHANGED cellVars
    /\ UNCHANGED <<now, leaderVars, viewVars, reported, netVars, promised>>

\* Once the commit is known, the journal forgets the promise.
AfterFlush(s, j) ==
    /\ j \in journal[s] /\ j.done
    /\ journal' = [journal EXCEPT ![s] = @ \ {j}]
    /\ claims' = Flushed(s, j)
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, reported, netVars, promised>>

\* An unused escrowed address goes back once its server has put it out of its own reach.
ReturnEscrow(s, a) ==
    /\ Up(s)
    /\ view[s][a].st = "escrowed" /\ view[s][a].s = s /\ Claimed(s, a) = {}
    /\ cell[a].st = "escrowed" /\ cell[a].idx = view[s][a].idx
    /\ Commit(a, Free)
    /\ claims' = [claims EXCEPT ![s][a] = @ \cup {[idx |-> view[s][a].idx, c |-> Nobody, until |-> Never, flushed |-> TRUE]}]
    /\ UNCHANGED <<now, leaderVars, viewVars, journal, reported, netVars, promised>>

Apply(s) ==
    /\ Up(s) /\ applied[s] < index
    /\ view' = [view EXCEPT ![s] = cell]
    /\ applied' = [applied EXCEPT ![s] = index]
    /\ UNCHANGED <<now, cellVars, leaderVars, durable, journalVars, netVars, promised>>

\* "All that I promised on states before k is committed": said with an empty journal, heard any time later.
Report(s) ==
    /\ Up(s) /\ (journal[s] = {} \/ Mutant = 6)
    /\ applied[s] > settled[s] /\ applied[s] >= reported[s]
    /\ reported' = [reported EXCEPT ![s] = applied[s]]
    /\ reports' = {m \in reports : m.s # s} \cup {[s |-> s, k |-> applied[s]]}
    /\ UNCHANGED <<now, cellVars, leaderVars, viewVars, journal, claims, parting, promised>>

Heard(m) ==
    /\ m \in reports
    /\ settled' = [settled EXCEPT ![m.s] = Max(@, m.k)]
    /\ reports' = reports \ {m}
    /\ UNCHANGED <<now, cellVars, declaredDown, viewVars, journalVars, parting, promised>>

-----------------------------------------------------------------------------
Persist(s) ==
    /\ "crash" \in Features /\ durable[s].index < applied[s]
    /\ durable' = [durable EXCEPT ![s] = [view |-> view[s], index |-> applied[s]]]
    /\ UNCHANGED <<now, cellVars, leaderVars, view, applied, journalVars, netVars, promised>>

\* The journal, the claims and the reported index are synced as they change; the applied state is not.
Crash(s) ==
    /\ "crash" \in Features /\ durable[s].index < applied[s]
    /\ view' = [view EXCEPT ![s] = durable[s].view]
    /\ applied' = [applied EXCEPT ![s] = durable[s].index]
    /\ UNCHANGED <<now, cellVars, leaderVars, durable, journalVars, netVars, promised>>

\* The operator vouches that s is off and stays off: from here on it promises nothing.
DeclareDown(s) ==
    /\ "down" \in Features /\ Up(s) /\ \E r \in Servers \ {s} : Up(r)
    /\ declaredDown' = [declaredDown EXCEPT ![s] = now]
    /\ UNCHANGED <<now, cellVars, settled, viewVars, journalVars, netVars, promised>>

Tick == /\ now < MaxTime /\ now' = now + 1
        /\ promised' = {p \in promised : p.until > now'}
        /\ UNCHANGED <<cellVars, leaderVars, viewVars, journalVars, netVars>>

\* Only the longest promise allowed matters to safety: any shorter one ends earlier.
Longest(s, a, t) ==
    {CASE view[s][a].st = "active" -> Min(t + Lease, view[s][a].exp + Mclt)
       [] view[s][a].st = "reserved" \/ Mutant = 4 -> t + Lease
       [] OTHER -> Min(t + Lease, view[s][a].exp)}

\* One action a line: check names the steps of a run that breaks a rule by these lines.
Next ==
    \/ Tick
    \/ \E c \in Clients, a \in Addresses, t \in Clock, d \in {Lease, ShortLease} : CommitLease(c, a, t, d)
    \/ \E c \in Clients, a \in Addresses : Release(c, a)
    \/ \E s \in Servers, c \in Clients, a \in Addresses : Part(s, c, a)
    \/ \E m \in parting : ReleaseLease(m)
    \/ \E a \in Addresses, t \in Clock : Expire(a, t)
    \/ \E a \in Addresses, t \in Clock : Reuse(a, t)
    \/ \E a \in Addresses, t \in Clock : Reclaim(a, t)
    \/ \E a \in Addresses, c \in Clients : Reserve(a, c)
    \/ \E a \in Addresses : Unreserve(a)
    \/ \E a \in Addresses, s \in Servers, t \in Clock : GrantEscrow(a, s, t)
    \/ \E s \in Servers, c \in Clients, a \in Addresses, t \in Clock :
          \E until \in Longest(s, a, t) : R2Extension(s, c, a, t, until)
    \/ \E s \in Servers, c \in Clients, a \in Addresses, t \in Clock :
          \E until \in Longest(s, a, t) : R3Escrow(s, c, a, t, until)
    \/ \E s \in Servers, c \in Clients, a \in Addresses, t \in Clock :
          \E until \in Longest(s, a, t) : R4Reservation(s, c, a, t, until)
    \/ \E s \in Servers : \E j \in journal[s] : BeforeFlush(s, j)
    \/ \E s \in Servers : \E j \in journal[s] : CommitPromise(s, j)
    \/ \E s \in Servers : \E j \in journal[s] : AfterFlush(s, j)
    \/ \E s \in Servers, a \in Addresses : ReturnEscrow(s, a)
    \/ \E s \in Servers : Apply(s)
    \/ \E s \in Servers : Report(s)
    \/ \E s \in Servers : DeclareDown(s)
    \/ \E s \in Servers : Persist(s)
    \/ \E s \in Servers : Crash(s)
    \/ \E m \in reports : Heard(m)

Spec == Init /\ [][Next]_vars

\* I1: no address is promised to two clients at once.
NoDoublePromise == \A p, q \in promised : p.a = q.a /\ p.until > now /\ q.until > now => p.c = q.c
=============================================================================
