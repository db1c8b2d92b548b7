package io.fairlead.bench.lab;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what anybody changes in a namespace's links, addresses, routes, rules, neighbours, queues
 * and nftables, from the kernel's multicast messages. What the kernel learns by itself (neighbours
 * that are not permanent, what a bridge's timers do to its ports) is left out.
 */
public final class KernelEvents implements AutoCloseable {

  /** linux/rtnetlink.h, enum rtnetlink_groups. */
  private static final int[] ROUTE_GROUPS = {
    1, // RTNLGRP_LINK
    3, // RTNLGRP_NEIGH
    4, // RTNLGRP_TC
    5, // RTNLGRP_IPV4_IFADDR
    7, // RTNLGRP_IPV4_ROUTE
    8, // RTNLGRP_IPV4_RULE
    9, // RTNLGRP_IPV6_IFADDR
    11, // RTNLGRP_IPV6_ROUTE
    19, // RTNLGRP_IPV6_RULE
  };

  /** linux/netfilter/nfnetlink.h. */
  private static final int NFNLGRP_NFTABLES = 7;

  private static final int NFNL_SUBSYS_NFTABLES = 10;

  /** linux/neighbour.h: NUD_NOARP | NUD_PERMANENT; ndm_state is at byte 8 of struct ndmsg. */
  private static final int NUD_MADE = 0x40 | 0x80;

  private static final int NDM_STATE = 8;

  /** linux/rtnetlink.h, struct ifinfomsg, and linux/if_link.h. */
  private static final int LINK_HEADER = 16;

  private static final int IFLA_IFNAME = 3;

  /** bits/socket.h; messages of this family tell of bridge ports. */
  private static final int AF_BRIDGE = 7;

  private final List<String> seen = new ArrayList<>();
  private final NetlinkMonitor routes;
  private final NetlinkMonitor tables;

  private KernelEvents(LabNamespace namespace) throws IOException, InterruptedException {
    this.routes = monitor(namespace, "routes", NetlinkConstants.NETLINK_ROUTE, ROUTE_GROUPS);
    try {
      this.tables =
          monitor(namespace, "nftables", NetlinkConstants.NETLINK_NETFILTER, NFNLGRP_NFTABLES);
    } catch (IOException | InterruptedException e) {
      routes.close();
      throw e;
    }
  }

  /** Records everything that happens from the moment this returns. */
  public static KernelEvents record(LabNamespace namespace)
      throws IOException, InterruptedException {
    return new KernelEvents(namespace);
  }

  private NetlinkMonitor monitor(LabNamespace namespace, String kind, int protocol, int... groups)
      throws IOException, InterruptedException {
    Recorder recorder = new Recorder(protocol);
    String name = namespace.name() + "-" + kind;
    return namespace.call(() -> NetlinkMonitor.start(name, protocol, recorder, groups));
  }

  private synchronized void add(@Nullable String event) {
    if (event != null) {
      seen.add(event);
    }
  }

  /** What happened so far, oldest first, a line for each. */
  public synchronized List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    routes.close();
    tables.close();
  }

  private final class Recorder implements NetlinkMonitor.Listener {

    private final int protocol;

    Recorder(int protocol) {
      this.protocol = protocol;
    }

    @Override
    public void message(NetlinkMessage message) {
      add(
          protocol == NetlinkConstants.NETLINK_ROUTE
              ? describeRoute(message)
              : describeTable(message));
    }

    @Override
    public void overrun() {
      add("more events than could be recorded");
    }

    @Override
    public void problem(IOException cause) {
      add("an event that cannot be read: " + cause.getMessage());
    }
  }

  /** linux/rtnetlink.h, RTM_ constants: four per kind of object, the new one first. */
  private static @Nullable String describeRoute(NetlinkMessage message) {
    String[] kinds = {"link", "address", "route", "neighbour", "rule", "qdisc", "class", "filter"};
    int kind = (message.type() - 16) / 4;
    if (kind == 3 && (message.u16(NDM_STATE) & NUD_MADE) == 0) {
      return null;
    }
    if (kind == 0 && message.u8(0) == AF_BRIDGE) {
      return null;
    }
    String name = kind >= 0 && kind < kinds.length ? kinds[kind] : "object " + message.type();
    if (kind == 0) {
      name += linkName(message);
    }
    String by = message.port() == 0 ? "" : " by netlink port " + message.port();
    return ((message.type() - 16) % 4 == 0 ? "set " : "deleted ") + name + by;
  }

  private static String linkName(NetlinkMessage message) {
    AttributeReader attributes = message.attributes(LINK_HEADER);
    while (attributes.next()) {
      if (attributes.type() == IFLA_IFNAME) {
        return " " + attributes.string();
      }
    }
    return "";
  }

  private static @Nullable String describeTable(NetlinkMessage message) {
    return message.type() >> 8 == NFNL_SUBSYS_NFTABLES
        ? "nftables message " + (message.type() & 0xff)
        : null;
  }
}
