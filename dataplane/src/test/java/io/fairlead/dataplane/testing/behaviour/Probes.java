package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Sends many probes at once and watches what becomes of them. */
final class Probes {

  /** So many connections are under way at a time that no server's queue overflows. */
  private static final int AT_ONCE = 200;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(6);

  /** Where some that should have been answered were not, there may be many. */
  private static final long IMPATIENCE = TimeUnit.MILLISECONDS.toNanos(1_500);

  private static final long BRIEF = TimeUnit.MILLISECONDS.toNanos(250);

  /** A datagram may be lost where a neighbour is not known yet. */
  private static final long REPEAT = TimeUnit.MILLISECONDS.toNanos(700);

  private final BehaviourLab lab;
  private long datagrams;

  Probes(BehaviourLab lab) {
    this.lab = lab;
  }

  /** Asks every pod from everywhere once: from then on, all neighbours are known. */
  void warmUp() throws Exception {
    List<Probe> probes = new ArrayList<>();
    for (Host client : Host.values()) {
      for (Host server : Host.values()) {
        for (AddressFamily family : AddressFamily.values()) {
          if (server.isLocalPod() || server.isRemotePod()) {
            probes.add(
                new Probe(
                    client, Protocol.TCP, server.address(family), BehaviourLab.TCP_PORT, true));
          }
        }
      }
    }
    List<Observation> observations = run(probes);
    for (int i = 0; i < probes.size(); i++) {
      if (!(observations.get(i) instanceof Observation.Answered)) {
        throw new AssertionError("the lab is broken: " + probes.get(i) + observations.get(i));
      }
    }
  }

  /** Observations in the order of {@code probes}. */
  List<Observation> run(List<Probe> probes) throws Exception {
    Observation[] observations = new Observation[probes.size()];
    List<Integer> brief = new ArrayList<>();
    List<Integer> patient = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      (probes.get(i).patient() ? patient : brief).add(i);
    }
    long limit = PATIENCE;
    for (int from = 0; from < patient.size(); from += AT_ONCE) {
      List<Integer> some = patient.subList(from, Math.min(from + AT_ONCE, patient.size()));
      run(probes, some, limit, observations);
      if (some.stream().anyMatch(number -> observations[number] instanceof Observation.Silent)) {
        limit = IMPATIENCE;
      }
    }
    run(probes, brief, BRIEF, observations);
    return List.of(observations);
  }

  private void run(
      List<Probe> probes, List<Integer> numbers, long limit, Observation[] observations)
      throws Exception {
    List<ProbeChannel> channels = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      Map<Host, List<Integer>> byClient = new EnumMap<>(Host.class);
      for (int number : numbers) {
        Host client = probes.get(number).client();
        byClient.computeIfAbsent(client, _ -> new ArrayList<>()).add(number);
      }
      for (Map.Entry<Host, List<Integer>> entry : byClient.entrySet()) {
        lab.namespace(entry.getKey())
            .call(() -> {
              for (int number : entry.getValue()) {
                channels.add(ProbeChannel.open(number, probes.get(number), ++datagrams, selector));
              }
              return channels;
            });
      }
      await(selector, channels, limit);
      for (ProbeChannel channel : channels) {
        observations[channel.number()] = observe(channel);
      }
    } finally {
      for (ProbeChannel channel : channels) {
        channel.close();
      }
    }
  }

  private static void await(Selector selector, List<ProbeChannel> channels, long limit)
      throws IOException {
    for (ProbeChannel channel : channels) {
      channel.start();
    }
    long start = System.nanoTime();
    long repeated = start;
    while (System.nanoTime() - start < limit
        && channels.stream().anyMatch(channel -> !channel.isDone())) {
      selector.select(
          key -> ((ProbeChannel) Objects.requireNonNull(key.attachment())).proceed(), 20);
      if (System.nanoTime() - repeated > REPEAT) {
        repeated = System.nanoTime();
        channels.forEach(ProbeChannel::repeat);
      }
    }
  }

  private Observation observe(ProbeChannel channel) {
    Observation seen = channel.observation();
    if (seen instanceof Observation.Silent && channel.probe().protocol() == Protocol.UDP) {
      Host receiver = lab.servers.receiver(channel.datagram());
      return receiver == null ? seen : new Observation.OneWay(receiver);
    }
    return seen;
  }
}
