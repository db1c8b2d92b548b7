package io.fairlead.bench.scale;

import java.util.ArrayList;
import java.util.List;

/** The arithmetic: what a cluster costs its API servers, its nodes, and nodes with kube-proxy. */
record ScaleModel(ModelCluster cluster, Inputs inputs) {

  /** A kubelet that has nothing to say writes its Node's status this often (its default). */
  private static final double NODE_STATUS_SECONDS = 300;

  /** Writes of a Pod from its creation to its end, for each change of an EndpointSlice. */
  private static final double POD_WRITES = 5;

  /** How long a roll-out of the agents over the whole cluster takes. */
  private static final double ROLL_OUT_SECONDS = 600;

  /** kube-proxy's default: no two syncs begin closer to each other. */
  private static final double SYNC_PERIOD_MILLIS = 1000;

  private static final double NODE_STATUS_WRITES = 1 / NODE_STATUS_SECONDS;
  private static final double MEGA = 1e6;
  private static final double BITS = 8;
  private static final double GIGA = 1e9;
  private static final double PERCENT = 100;

  double sliceBytes() {
    return inputs.bytes().slice(cluster.changedSlice());
  }

  /** Bytes per second that each node receives of EndpointSlices. */
  double slicesReceived() {
    return cluster.changesPerSecond() * sliceBytes();
  }

  double nodesReceived() {
    return cluster.nodes() * NODE_STATUS_WRITES * cluster.nodeBytes();
  }

  double podsReceived() {
    return cluster.changesPerSecond() * POD_WRITES * cluster.podBytes();
  }

  /** What all API servers send, in Gbit/s. */
  double sent(double received) {
    return received * cluster.nodes() * BITS / GIGA;
  }

  /** Of one core, in percent: the agent's work for changes of EndpointSlices. */
  double processorOfChanges() {
    return inputs.processor().orNaN() * cluster.changesPerSecond() / 1000 * PERCENT;
  }

  /** Of one core, in percent: reading the JSON of Nodes and Pods, as dear per byte as a slice's. */
  double processorOf(double received) {
    double bytes = inputs.bytes().slice(Integer.parseInt(parsedSize()));
    return inputs.parsing().orNaN() / bytes * received / GIGA * PERCENT;
  }

  private String parsedSize() {
    String what = inputs.parsing().what();
    return what.substring(what.lastIndexOf(' ') + 1);
  }

  private double listBytes() {
    return cluster.services()
            * (inputs.bytes().service() + inputs.bytes().slice(cluster.endpoints()))
        + (double) cluster.nodes() * cluster.nodeBytes();
  }

  List<Estimate> servers() {
    double list = listBytes();
    double pods = (double) cluster.pods() * cluster.podBytes();
    double rollOut = cluster.nodes() * list * BITS / GIGA / ROLL_OUT_SECONDS;
    double watched = sent(slicesReceived()) + sent(nodesReceived());
    return List.of(
        new Estimate(
            "events sent for EndpointSlices",
            cluster.changesPerSecond() * cluster.nodes(),
            "1/s",
            "changes x nodes"),
        new Estimate(
            "bytes sent for EndpointSlices",
            sent(slicesReceived()),
            "Gbit/s",
            "changes x nodes x " + Math.round(sliceBytes()) + " B"),
        new Estimate(
            "bytes sent for Nodes",
            sent(nodesReceived()),
            "Gbit/s",
            "nodes x nodes / 300 s x " + cluster.nodeBytes() + " B"),
        new Estimate(
            "bytes sent for Pods, with network policies",
            sent(podsReceived()),
            "Gbit/s",
            "changes x 5 writes x nodes x " + cluster.podBytes() + " B"),
        new Estimate(
            "each of " + cluster.apiServers() + " servers, without Pods",
            watched / cluster.apiServers(),
            "Gbit/s",
            "EndpointSlices and Nodes"),
        new Estimate(
            "first list of one node, without Pods",
            list / MEGA,
            "MB",
            "Services, EndpointSlices and Nodes, in pages of 500"),
        new Estimate("and with Pods", (list + pods) / MEGA, "MB", "the same with Pods"),
        new Estimate(
            "roll-out of all agents within 10 minutes, without Pods",
            rollOut,
            "Gbit/s",
            "nodes x first list"));
  }

  List<Estimate> node() {
    double changes = processorOfChanges();
    double nodes = processorOf(nodesReceived());
    double pods = processorOf(podsReceived());
    double service = inputs.latency().orNaN();
    double busy = service * cluster.changesPerSecond() / 1000;
    return List.of(
        new Estimate(
            "received, without Pods",
            (slicesReceived() + nodesReceived()) * BITS / MEGA,
            "Mbit/s",
            "EndpointSlices and Nodes"),
        new Estimate(
            "received for Pods, with network policies",
            podsReceived() * BITS / MEGA,
            "Mbit/s",
            "Pods"),
        new Estimate("processor for changes", changes, "% of a core", "processor time x changes"),
        new Estimate("processor for Nodes", nodes, "% of a core", "ns per byte of parsing x bytes"),
        new Estimate(
            "processor for Pods, with network policies",
            pods,
            "% of a core",
            "ns per byte of parsing x bytes"),
        new Estimate(
            "a change waits for those before it",
            busy >= 1 ? Double.POSITIVE_INFINITY : busy / (2 * (1 - busy)) * service,
            "ms",
            "a queue with random arrivals and equal work; group commit makes it less"),
        new Estimate(
            "bytes to the kernel",
            inputs.netlink().orNaN() * cluster.changesPerSecond() / 1000,
            "kB/s",
            "bytes per change x changes"),
        new Estimate("resident memory", inputs.resident().orNaN(), "MB", "carried to the size"),
        new Estimate("kernel memory", inputs.slab().orNaN(), "MB", "carried to the size"),
        new Estimate("first sync", inputs.firstSync().orNaN() / 1000, "s", "carried to the size"));
  }

  /** What kube-proxy's syncs come to: each contains what came since the one before. */
  List<Estimate> rivals() {
    List<Estimate> estimates = new ArrayList<>();
    for (Input rival : inputs.rivals()) {
      String name = rival.what().substring(0, rival.what().lastIndexOf(':'));
      double sync = rival.orNaN();
      double period = Math.max(sync, SYNC_PERIOD_MILLIS);
      boolean quiet = cluster.changesPerSecond() * period / 1000 < 1;
      double share = quiet ? sync * cluster.changesPerSecond() / 1000 : sync / period;
      estimates.add(new Estimate(name + ": one sync", sync / 1000, "s", "carried to the size"));
      estimates.add(
          new Estimate(
              name + ": busy",
              share * PERCENT,
              "% of the time",
              "syncs follow each other, at most one per second"));
      estimates.add(
          new Estimate(
              name + ": a change is in force after",
              (period / 2 + sync) / 1000,
              "s",
              "half a period until its sync begins, and the sync"));
    }
    return estimates;
  }
}
