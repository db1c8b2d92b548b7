package io.fairlead.bench.policy.matrix;

import io.fairlead.bench.policy.matrix.ProbePacket.Reading;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.sys.NativeBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends many probes at once and tells which arrived against what is expected. No time is waited for
 * what must not arrive: each packet carries its probe's number for ever, so that one that comes
 * later is still noticed, by whatever run is under way then. What must arrive is waited for, and
 * sent again if it may have been lost. No verdict is carried over from one run to the next in
 * conntrack: each run has source ports of its own. Not thread-safe.
 */
final class Probes {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(3);
  private static final long REPEAT = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(100);

  /** Below the ports that the kernel masquerades with as a rule, and above all that are asked. */
  private static final int FIRST_SOURCE_PORT = 2048;

  private static final int SOURCE_PORTS = 60_000;

  private final List<ProbeHost> hosts;
  private final NativeBuffer outgoing = NativeBuffer.allocate(ProbePacket.CAPACITY);
  private final NativeBuffer incoming = NativeBuffer.allocate(ProbePacket.CAPACITY);

  /** By the number of the probe. */
  private final BitSet arrived = new BitSet();

  private final BitSet answered = new BitSet();
  private final BitSet forbidden = new BitSet();
  private final List<String> strays = new ArrayList<>();

  /** What earlier numbers were, by the first one of each run. */
  private final TreeMap<Integer, Past> past = new TreeMap<>();

  private Past current = new Past("", List.of(), 1);
  private int next = 1;
  private int runs;
  private int repeated;

  private record Past(String name, List<Probe> probes, int first) {

    boolean has(int id) {
      return id >= first && id < first + probes.size();
    }

    Probe probe(int id) {
      return probes.get(id - first);
    }
  }

  Probes(List<ProbeHost> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  /** How many packets were sent once more because they may have been lost. */
  int repeated() {
    return repeated;
  }

  /** How many probes were sent so far, each counted once. */
  int sent() {
    return next - 1;
  }

  /**
   * Sends all probes and waits until those that are allowed have arrived, and TCP's been answered.
   *
   * @param name what a late packet is reported under
   * @param allowed the indexes of those that must arrive; no other may
   * @return the indexes of those for which that is not so, and what else was wrong
   */
  Outcome run(String name, List<Probe> probes, BitSet allowed) throws IOException {
    begin(name, probes, allowed);
    for (int index = 0; index < probes.size(); index++) {
      send(index);
      if (index % 128 == 127) {
        receive();
      }
    }
    long start = System.nanoTime();
    long sentAt = start;
    receive();
    while (!missing(allowed).isEmpty() && System.nanoTime() - start < PATIENCE) {
      LockSupport.parkNanos(PAUSE);
      receive();
      if (System.nanoTime() - sentAt > REPEAT) {
        sentAt = System.nanoTime();
        repeat(missing(allowed));
      }
    }
    settle(GRACE);
    return outcome(allowed);
  }

  private void begin(String name, List<Probe> probes, BitSet allowed) {
    current = new Past(name, probes, next);
    past.put(next, current);
    forbidden.set(next, next + probes.size());
    allowed.stream().forEach(index -> forbidden.clear(current.first() + index));
    next += probes.size();
    runs++;
  }

  private void repeat(BitSet indexes) throws IOException {
    repeated += indexes.cardinality();
    for (int index = indexes.nextSetBit(0); index >= 0; index = indexes.nextSetBit(index + 1)) {
      send(index);
    }
  }

  /** Listens for what was forbidden, as long as is asked. */
  void settle(long nanos) throws IOException {
    long start = System.nanoTime();
    do {
      LockSupport.parkNanos(PAUSE);
      receive();
    } while (System.nanoTime() - start < nanos);
  }

  private void send(int index) throws IOException {
    Probe probe = current.probes().get(index);
    // By its address and through a Service the same two would have the same connection.
    int lane = probe.service() == null ? 0 : 1;
    int sourcePort = FIRST_SOURCE_PORT + (2 * runs + lane) % SOURCE_PORTS;
    int length =
        ProbePacket.write(
            outgoing,
            probe.protocol(),
            probe.source().address(probe.family()),
            probe.target(),
            sourcePort,
            probe.port(),
            current.first() + index);
    probe.source().send(outgoing, length, probe.target());
  }

  private void receive() throws IOException {
    for (ProbeHost host : hosts) {
      host.receive(incoming, this::see);
    }
  }

  private void see(ProbeHost receiver, NativeBuffer packet, int length) {
    switch (ProbePacket.read(packet, length)) {
      case Reading.Arrival arrival -> {
        if (receiver.has(arrival.destination())) {
          see(receiver, arrival);
        }
      }
      case Reading.Answer answer -> {
        if (receiver.has(answer.destination()) && current.has(answer.id())) {
          see(receiver, answer);
        }
      }
      case Reading.Other() -> {}
    }
  }

  private void see(ProbeHost receiver, Reading.Arrival arrival) {
    int id = arrival.id();
    Map.Entry<Integer, Past> run = past.floorEntry(id);
    if (run == null || !run.getValue().has(id)) {
      return;
    }
    Probe probe = run.getValue().probe(id);
    if (!probe.destination().equals(receiver)
        || probe.protocol() != arrival.protocol()
        || probe.port() != arrival.port()) {
      // A Service's address is another host's only on the way.
      strays.add(probe + " arrived at " + receiver + " as " + arrival);
    } else if (current.has(id)) {
      arrived.set(id);
    } else if (forbidden.get(id) && !arrived.get(id)) {
      arrived.set(id);
      strays.add(probe + " of " + run.getValue().name() + " arrived late, and is denied");
    }
  }

  private void see(ProbeHost receiver, Reading.Answer answer) {
    Probe probe = current.probe(answer.id());
    if (!probe.source().equals(receiver)) {
      return; // Two hosts on one namespace's bridge see each other's packets.
    }
    if (answer.source().equals(probe.target())) {
      answered.set(answer.id());
    } else {
      strays.add(probe + " was answered by " + answer.source());
    }
  }

  private BitSet missing(BitSet allowed) {
    BitSet missing = new BitSet();
    for (int index = allowed.nextSetBit(0); index >= 0; index = allowed.nextSetBit(index + 1)) {
      int id = current.first() + index;
      boolean isTcp = current.probes().get(index).protocol() == Protocol.TCP;
      if (!arrived.get(id) || (isTcp && !answered.get(id))) {
        missing.set(index);
      }
    }
    return missing;
  }

  private Outcome outcome(BitSet allowed) {
    List<Integer> wrong = new ArrayList<>();
    missing(allowed).stream().forEach(wrong::add);
    for (int index = 0; index < current.probes().size(); index++) {
      int id = current.first() + index;
      if (!allowed.get(index) && (arrived.get(id) || answered.get(id))) {
        wrong.add(index);
      }
    }
    Outcome outcome = new Outcome(wrong, List.copyOf(strays));
    strays.clear();
    return outcome;
  }

  /**
   * What became of a run.
   *
   * @param wrong the indexes of probes that did not arrive or were not answered although allowed,
   *     or did although denied
   * @param strays sentences about packets that nobody expected
   */
  record Outcome(List<Integer> wrong, List<String> strays) {
    Outcome {
      wrong = wrong.stream().sorted().toList();
      strays = List.copyOf(strays);
    }

    boolean isRight() {
      return wrong.isEmpty() && strays.isEmpty();
    }
  }
}
