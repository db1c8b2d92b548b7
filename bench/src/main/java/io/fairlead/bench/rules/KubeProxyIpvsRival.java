package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.util.List;

/**
 * A sync of kube-proxy in ipvs mode, which is always a whole one: the chains and the jumps to them
 * are looked for, the sets made and listed, each entry and each server that differs is changed by
 * itself, and the rules are written; 55 executions of iptables, ipset and iptables-restore for a
 * family in which nothing changed.
 *
 * <p>Its requests to IPVS and to the dummy device are netlink's, not programs'; here they are
 * ipvsadm's and ip's. That is dearer for what changed, by one execution each, and far cheaper for
 * what did not: one listing by ipvsadm stands for two requests per Service. Left out, in its
 * favour, are the other family, its own work on Services, the wait between two syncs, and the check
 * of the addresses of the dummy device.
 */
final class KubeProxyIpvsRival implements Contender {

  /** More than these are loaded in bulk, which it cannot do, and the time is not told. */
  private static final int MOST_SERVICES_ONE_BY_ONE = 1000;

  private final LabNamespace namespace;
  private final Program program;

  /** Takes over the namespace. */
  KubeProxyIpvsRival(LabNamespace namespace) {
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return "kube-proxy's work, ipvs";
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    boolean isOneByOne = population.services() <= MOST_SERVICES_ONE_BY_ONE;
    long begin = System.nanoTime();
    program.run("", "ip", "link", "add", KubeProxyIpvs.DEVICE, "type", "dummy");
    ensureAll();
    if (isOneByOne) {
      for (int service = 0; service < population.services(); service++) {
        addOneByOne(service, population.addresses(service));
      }
    } else {
      addInBulk(population);
    }
    listSets();
    writeRules();
    return isOneByOne ? System.nanoTime() - begin : NOT_MEASURED;
  }

  private void addOneByOne(int service, List<String> addresses)
      throws IOException, InterruptedException {
    for (String line : IpvsadmText.additions(service, addresses)) {
      program.run("", IpvsadmText.command(line));
    }
    addresses("add", service);
  }

  /** Adds what leads to a Service's virtual server, or deletes it: "add" or "del". */
  private void addresses(String verb, int service) throws IOException, InterruptedException {
    String address = Population.clusterIp(service);
    program.run("", "ip", "address", verb, address + "/32", "dev", KubeProxyIpvs.DEVICE);
    program.run("", "ipset", verb, KubeProxyIpvs.CLUSTER_IPS, entry(service), "-exist");
    program.run("", "ipset", verb, KubeProxyIpvs.ALL_ADDRESSES, address, "-exist");
  }

  private static String entry(int service) {
    return Population.clusterIp(service) + ",tcp:" + Population.SERVICE_PORT;
  }

  private void addInBulk(Population population) throws IOException, InterruptedException {
    StringBuilder addresses = new StringBuilder();
    StringBuilder entries = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    for (int service = 0; service < population.services(); service++) {
      String address = Population.clusterIp(service);
      addresses.append("address add ").append(address).append("/32 dev ");
      addresses.append(KubeProxyIpvs.DEVICE).append('\n');
      entries.append("add ").append(KubeProxyIpvs.CLUSTER_IPS).append(' ');
      entries.append(entry(service)).append('\n');
      entries.append("add ").append(KubeProxyIpvs.ALL_ADDRESSES).append(' ');
      entries.append(address).append('\n');
      IpvsadmText.additions(service, population.addresses(service))
          .forEach(line -> lines.append(line).append('\n'));
    }
    program.run(lines.toString(), "ipvsadm", "-R");
    program.run(addresses.toString(), "ip", "-batch", "-");
    program.run(entries.toString(), "ipset", "restore");
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    ensureAll();
    program.run("", "ipvsadm", "-S", "-n");
    for (String line : IpvsadmText.changes(change)) {
      program.run("", IpvsadmText.command(line));
    }
    switch (change.kind()) {
      case ADDED -> addresses("add", change.service());
      case DELETED -> addresses("del", change.service());
      case REPLACED, SCALED, ROLLED -> {}
    }
    listSets();
    writeRules();
    return Applied.of(begin, System.nanoTime());
  }

  private void ensureAll() throws IOException, InterruptedException {
    for (KubeProxyIpvs.Chain chain : KubeProxyIpvs.CHAINS) {
      program.attempt("iptables", "-w", "5", "-N", chain.name(), "-t", chain.table());
    }
    for (KubeProxyIpvs.Jump jump : KubeProxyIpvs.JUMPS) {
      if (!jump("-C", jump)) {
        jump("-I", jump);
      }
    }
    for (KubeProxyIpvs.Set set : KubeProxyIpvs.SETS) {
      program.run("", ("ipset create " + set.name() + " " + set.type() + " -exist").split(" "));
    }
  }

  /** Whether that succeeded: a jump that is looked for may be missing. */
  private boolean jump(String verb, KubeProxyIpvs.Jump jump)
      throws IOException, InterruptedException {
    return program.attempt(
            "iptables",
            "-w",
            "5",
            verb,
            jump.from(),
            "-t",
            jump.table(),
            "-m",
            "comment",
            "--comment",
            jump.comment(),
            "-j",
            jump.to())
        == 0;
  }

  private void listSets() throws IOException, InterruptedException {
    for (KubeProxyIpvs.Set set : KubeProxyIpvs.SETS) {
      program.run("", "ipset", "list", set.name());
    }
  }

  private void writeRules() throws IOException, InterruptedException {
    program.run(KubeProxyIpvs.RULES, "iptables-restore", "-w", "5", "--noflush", "--counters");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
