package io.fairlead.ipvs;

import static java.util.stream.Collectors.joining;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.ipvs.FakeIpvs;
import io.fairlead.dataplane.netlink.ipvs.RealServerId;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A node in memory: its kernel outlives the backends that are started over it. */
final class World {

  static final ServiceSettings SETTINGS =
      ServiceSettings.ofPods(List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")));

  final FakeIpvs ipvs;
  final FakeCompanion companion;
  final SortedSet<IpAddress> routed;
  final FakeRoutes routes;
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
    this(settings, ipvs, new FakeCompanion(), new TreeSet<>(), new FakeAlarm());
  }

  private World(
      IpvsSettings settings,
      FakeIpvs ipvs,
      FakeCompanion companion,
      SortedSet<IpAddress> routed,
      FakeAlarm alarm) {
    this.settings = settings;
    this.ipvs = ipvs;
    this.companion = companion;
    this.routed = routed;
    this.routes = new FakeRoutes(routed);
    this.alarm = alarm;
    routes.own("192.0.2.1", "2001:db8::1");
    services =
        new IpvsServices(
            ipvs,
            companion,
            routes,
            claims,
            SETTINGS,
            settings,
            (service, sentence) -> notices.add(service + ": " + sentence),
            () -> {},
            alarm);
  }

  /** The same node after the agent has started again; no Service is known yet. */
  World restarted() {
    return new World(settings, ipvs, companion, routed, alarm);
  }

  World restarted(IpvsSettings other) {
    return new World(other, ipvs, companion, routed, alarm);
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

  private static String ipvsOnly(List<String> texts) {
    return texts.stream().filter(text -> text.contains(" server ")).collect(joining("\n"));
  }

  /** The same with all else that it took. */
  String commitAll(Sample... samples) throws IOException {
    update(samples);
    return String.join("\n", services.commit());
  }

  /** All that is in the kernel. */
  String kernel() {
    return ipvs + "" + companion + "routes " + routed + "\n";
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
