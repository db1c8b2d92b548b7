package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.cluster.ChaosCluster;
import io.fairlead.bench.chaos.probe.LastingConnection;
import io.fairlead.bench.chaos.probe.Listening;
import io.fairlead.bench.chaos.probe.NewConnections;
import io.fairlead.bench.chaos.probe.Probe;
import io.fairlead.bench.chaos.probe.ProbeLog;
import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** All traffic of a run. Not thread-safe. */
final class Probes implements AutoCloseable {

  /** Of servers, which strangers may not reach. */
  private static final int DENIED_PORT = 7001;

  /** Of sinks, which anybody may reach who may send at all. */
  static final int SINK_PORT = 7002;

  private final List<Probe> probes = new ArrayList<>();
  private final List<Listening.Sender> senders = new ArrayList<>();
  private final ProbeLog newcomers =
      new ProbeLog("newcomers", "pods that start and may not send to anybody send all the time");

  /** Starts it. */
  static Probes start(ChaosCluster cluster) throws IOException, InterruptedException {
    Probes made = new Probes();
    try {
      made.startAll(cluster);
      return made;
    } catch (IOException | InterruptedException e) {
      made.close();
      throw e;
    }
  }

  private void startAll(ChaosCluster cluster) throws IOException, InterruptedException {
    LabNamespace client1 = cluster.pod("client-1").namespace();
    LabNamespace client2 = cluster.pod("client-2").namespace();
    lasting("near", client1, cluster.near(), "pod, Service, pod of the same node");
    lasting("far", client1, cluster.far(), "pod, Service, pod of another node");
    lasting("back", client2, cluster.near(), "the same, the other way");
    fresh("near", client1, cluster.near(), "pod, Service, pod of the same node");
    fresh("far", client1, cluster.far(), "pod, Service, pod of another node");
    fresh("host", cluster.lab().node(1).namespace(), cluster.near(), "node, Service, own pod");
    for (String number : List.of("1", "2")) {
      String server = "server-" + number;
      ProbeLog denied =
          new ProbeLog("denied-" + number, "strangers of both nodes send to " + server);
      probes.add(Listening.start(cluster.pod(server).namespace(), DENIED_PORT, denied));
      InetSocketAddress to = cluster.pod(server).at(DENIED_PORT);
      for (String stranger : List.of("stranger-1", "stranger-2")) {
        senders.add(Listening.Sender.start(cluster.pod(stranger).namespace(), to, denied));
      }
      probes.add(Listening.start(cluster.pod("sink-" + number).namespace(), SINK_PORT, newcomers));
    }
  }

  private void lasting(String name, LabNamespace from, InetSocketAddress to, String way) {
    ProbeLog log = new ProbeLog("lasting-" + name, "one connection, " + way);
    probes.add(LastingConnection.start(from, to, log));
  }

  private void fresh(String name, LabNamespace from, InetSocketAddress to, String way)
      throws IOException {
    ProbeLog log = new ProbeLog("new-" + name, "new connections, " + way);
    probes.add(NewConnections.start(from, to, log));
  }

  /** What newcomers send, and what of it arrives. */
  ProbeLog newcomers() {
    return newcomers;
  }

  /** Each log once. */
  List<ProbeLog> logs() {
    return probes.stream().map(Probe::log).distinct().toList();
  }

  /** The first that is not well since then, as a sentence; empty if all are. */
  String trouble(long nanos) {
    return probes.stream()
        .filter(probe -> !probe.isWellSince(nanos))
        .map(probe -> "the probe " + probe.log().name() + " is not well")
        .findFirst()
        .orElse("");
  }

  /** Ends all traffic; harmless if it has ended. */
  void stop() {
    senders.forEach(Listening.Sender::close);
    probes.forEach(Probe::close);
  }

  @Override
  public void close() {
    stop();
  }
}
