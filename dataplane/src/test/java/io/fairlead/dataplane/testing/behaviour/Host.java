package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;

/** Who takes part in the lab, with the address that it asks from and answers at. */
enum Host {
  /**
   * A pod of this node that serves nothing: it asks, and is at most an endpoint that is not ready.
   */
  LOCAL_CLIENT("local client", "10.244.1.2", "fd00:244:1::2"),
  /** A pod of this node that only serves. */
  LOCAL_SERVER("local server", "10.244.1.3", "fd00:244:1::3"),
  /** A pod of this node that serves and asks: it may reach itself. */
  LOCAL_BOTH("local both", "10.244.1.4", "fd00:244:1::4"),
  REMOTE_CLIENT("remote client", "10.244.2.2", "fd00:244:2::2"),
  REMOTE_SERVER("remote server", "10.244.2.3", "fd00:244:2::3"),
  /** This node; it asks virtual addresses from the address that its default route has. */
  NODE("node", "172.31.0.1", "2001:db8:3::1"),
  /** A machine that is not in the cluster and has this node as its router. */
  OUTSIDE("outside", "198.51.100.2", "2001:db8:2::2"),
  /** Where this node sends what it has no other route for: what a backend left alone ends here. */
  UPSTREAM("upstream", "172.31.0.2", "2001:db8:3::2");

  private final String title;
  private final String v4;
  private final String v6;

  Host(String title, String v4, String v6) {
    this.title = title;
    this.v4 = v4;
    this.v6 = v6;
  }

  IpAddress address(AddressFamily family) {
    return IpAddress.parse(
        switch (family) {
          case IPV4 -> v4;
          case IPV6 -> v6;
        });
  }

  /** The name of the device that leads to a pod. */
  String device() {
    return title.replace(' ', '-');
  }

  boolean isLocalPod() {
    return switch (this) {
      case LOCAL_CLIENT, LOCAL_SERVER, LOCAL_BOTH -> true;
      case REMOTE_CLIENT, REMOTE_SERVER, NODE, OUTSIDE, UPSTREAM -> false;
    };
  }

  boolean isRemotePod() {
    return switch (this) {
      case REMOTE_CLIENT, REMOTE_SERVER -> true;
      case LOCAL_CLIENT, LOCAL_SERVER, LOCAL_BOTH, NODE, OUTSIDE, UPSTREAM -> false;
    };
  }

  @Override
  public String toString() {
    return title;
  }
}
