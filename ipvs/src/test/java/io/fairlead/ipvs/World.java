package io.fairlead.ipvs;

import static java.util.stream.Collectors.joining;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.ipvs.companion.AddressTreatment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** A node in memory: its kernel outlives the backends that are started over it. */
final class World {

  static final ServiceSettings SETTINGS =
      ServiceSettings.ofPods(List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")));

  final FakeIpvs ipvs;
  final FakeNfTables tables;
  final FakeRouteKernel links;
  final AddressClaims claims = new AddressClaims();
  final List<String> notices = new ArrayList<>();
  final FakeAlarm alarm;
  final IpvsServices services;
  private final IpvsSettings settings;

  /** A time that passes when it is told to. */
  static final class FakeAlarm implements Alarm {

    /** Far from 0, as the real one may be. */
    private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private record Task(long at, Runnable task) {}

    private final List<Task> tasks = new ArrayList<>();

    @Override
    public long now() {
      return now;
    }

    @Override
    public void after(long nanoseconds, Runnable task) {
      tasks.add(new Task(now + nanoseconds, task));
    }

    /** Lets time pass, and returns how often somebody was woken. */
    int pass(Duration time) {
      now += time.toNanos();
      List<Task> due = tasks.stream().filter(task -> task.at - now <= 0).toList();
      tasks.removeAll(due);
      due.forEach(task -> task.task.run());
      return due.size();
    }
  }

  World() {
    this(IpvsSettings.DEFAULT);
  }

  World(IpvsSettings settings) {
    this(settings, new FakeIpvs());
  }

  World(IpvsSettings settings, FakeIpvs ipvs) {
    this(settings, ipvs, new FakeNfTables(), new FakeRouteKernel(), new FakeAlarm());
    links.addDevice("eth0", MacAddress.parse("0a:00:00:00:00:01"), 1500);
    own("192.0.2.1", "2001:db8::1");
  }

  private World(
      IpvsSettings settings,
      FakeIpvs ipvs,
      FakeNfTables tables,
      FakeRouteKernel links,
      FakeAlarm alarm) {
    this.settings = settings;
    this.ipvs = ipvs;
    this.tables = tables;
    this.links = links;
    this.alarm = alarm;
    services =
        new IpvsServices(
            new IpvsKernels(ipvs, tables, links),
            claims,
            SETTINGS,
            settings,
            (service, sentence) -> notices.add(service + ": " + sentence),
            () -> {},
            alarm);
  }

  /** Makes these the addresses of the node's interface, and tells the backend. */
  void own(String... addresses) {
    try {
      int eth0 = Objects.requireNonNull(links.link("eth0")).index();
      for (LinkAddress present : links.addresses(eth0)) {
        links.applyAll(new RouteOperation.Delete(present));
      }
      for (String address : addresses) {
        IpAddress ip = IpAddress.parse(address);
        links.applyAll(new RouteOperation.Add(LinkAddress.of(eth0, ip, ip.family().bitLength())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    services.distrustAddresses();
  }

  /** The same node after the agent has started again; no Service is known yet. */
  World restarted() {
    return new World(settings, ipvs, tables, links, alarm);
  }

  World restarted(IpvsSettings other) {
    return new World(other, ipvs, tables, links, alarm);
  }

  void update(Sample... samples) {
    for (Sample sample : samples) {
      services.update(claims.update(sample.key, sample.fragment(ServiceNode.named(Sample.HERE))));
    }
  }

  void delete(String name) {
    services.update(claims.update(new ObjectKey("default", name), null));
  }

  /** Updates and commits, and returns what it took of IPVS, a line each. */
  String commit(Sample... samples) throws IOException {
    update(samples);
    return ipvsOnly(services.commit());
  }

  String audit() throws IOException {
    return ipvsOnly(services.audit());
  }

  /** The same with rules and routes. */
  String commitAll(Sample... samples) throws IOException {
    update(samples);
    return String.join("\n", services.commit());
  }

  private static String ipvsOnly(List<String> texts) {
    return texts.stream()
        .filter(text -> text.matches("(add|change|delete) (virtual|real) server .*"))
        .collect(joining("\n"));
  }

  /** The virtual servers, and what is known of the rules and routes. */
  String kernel() {
    return ipvs + treatments() + "routes " + routed() + "\n";
  }

  /** How each address is treated. */
  String treatments() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(services.destinations())
        .forEach((address, to) ->
            text.append(address).append(": ").append(text(to.treatment())).append('\n'));
    return text.toString();
  }

  /** "virtual masquerade NODE mark 0x46000001 inside REFUSE outside DROP from [10.0.0.0/8]". */
  private static String text(AddressTreatment treatment) {
    return (treatment.virtual() ? "virtual" : "shared")
        + " masquerade "
        + treatment.masquerade()
        + (treatment.insideMark() == 0
            ? ""
            : " mark 0x" + Integer.toHexString(treatment.insideMark()))
        + (treatment.inside() == null ? "" : " inside " + treatment.inside())
        + (treatment.outside() == null ? "" : " outside " + treatment.outside())
        + (treatment.allowedSources() == null ? "" : " from " + treatment.allowedSources())
        + (treatment.served() ? " served" : "");
  }

  /** The addresses that have a route of ours. */
  List<IpAddress> routed() {
    RouteFilter ours =
        RouteFilter.ALL.withTable(Route.TABLE_LOCAL).withProtocol(Route.PROTOCOL_FAIRLEAD);
    return links.routes(ours).stream()
        .map(route -> route.destination().network())
        .sorted()
        .toList();
  }

  /** The elements of the companion table, in the text of the kernel in memory. */
  String table() {
    return tables.toString();
  }

  void count(String address, String realServer, int active, int inactive) {
    ipvs.count(server(address), real(realServer), active, inactive);
  }

  /** Of TCP: "10.96.0.10:80". */
  static VirtualServerId server(String text) {
    int colon = text.lastIndexOf(':');
    return new VirtualServerId.ByAddress(
        Protocol.TCP,
        IpAddress.parse(text.substring(0, colon)),
        Integer.parseInt(text.substring(colon + 1)));
  }

  private static RealServerId real(String text) {
    int colon = text.lastIndexOf(':');
    return new RealServerId(
        IpAddress.parse(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Lets time pass, and commits what that brings about. */
  String pass(int seconds) throws IOException {
    alarm.pass(Duration.ofSeconds(seconds));
    return services.isPending() ? commit() : "";
  }
}
