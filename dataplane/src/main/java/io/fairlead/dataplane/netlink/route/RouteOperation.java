package io.fairlead.dataplane.netlink.route;

/**
 * One change to ask of the kernel. The text is canonical, for plans, tests and errors: {@code add
 * route 10.244.2.0/24 via 10.244.2.0 dev 5 onlink proto 102}.
 */
public sealed interface RouteOperation {

  /** Makes a link; fails with EEXIST if the name is taken. */
  record AddLink(String name, LinkKind kind, LinkSettings settings) implements RouteOperation {

    public AddLink {
      requireCreatable(settings);
      if (kind instanceof LinkKind.Veth) {
        throw new IllegalArgumentException("a veth is made in pairs; use AddVethPair");
      }
    }

    @Override
    public String toString() {
      return "add link " + name + settings + " type " + kind;
    }
  }

  /**
   * Makes a veth pair, the peer in its final place at once: with {@link LinkSettings#namespace} in
   * {@code peerSettings} it never shows up here. The kernel cannot set the peer up before both ends
   * exist, nor give it a master.
   */
  record AddVethPair(String name, LinkSettings settings, String peerName, LinkSettings peerSettings)
      implements RouteOperation {

    public AddVethPair {
      requireCreatable(settings);
      requireCreatable(peerSettings);
      if (peerSettings.masterIndex() != null || peerSettings.up() != null) {
        throw new IllegalArgumentException(
            "a veth peer's master and state are set once it exists; change the link afterwards");
      }
    }

    @Override
    public String toString() {
      return "add link " + name + settings + " type veth peer " + peerName + peerSettings;
    }
  }

  /** Sets properties of a link. */
  record ChangeLink(LinkSelector link, LinkSettings settings) implements RouteOperation {

    public ChangeLink {
      if (settings.name() != null && link instanceof LinkSelector.ByName) {
        throw new IllegalArgumentException("select a link by its index to rename it");
      }
    }

    @Override
    public String toString() {
      return "change link " + link + settings;
    }
  }

  /** Sets the parameters of a link's kind, such as those of a bridge. */
  record ChangeLinkKind(LinkSelector link, LinkKind kind) implements RouteOperation {
    @Override
    public String toString() {
      return "change link " + link + " type " + kind;
    }
  }

  /** Deletes a link, with all that hangs on it. */
  record DeleteLink(LinkSelector link) implements RouteOperation {
    @Override
    public String toString() {
      return "delete link " + link;
    }
  }

  /**
   * Deletes all links of a group ({@link LinkSettings#group}) at once, which takes hardly longer
   * than to delete one of them; fails with ENODEV if there is none, and with EOPNOTSUPP, deleting
   * nothing, if one of them cannot be deleted.
   *
   * @param group not 0, where all links are that nobody has put elsewhere
   */
  record DeleteLinkGroup(int group) implements RouteOperation {

    public DeleteLinkGroup {
      if (group == 0) {
        throw new IllegalArgumentException("the group 0 is everybody's");
      }
    }

    @Override
    public String toString() {
      return "delete links of group 0x" + Integer.toHexString(group);
    }
  }

  /** Sets properties of a bridge port. */
  record SetBridgePort(LinkSelector link, BridgePortSettings settings) implements RouteOperation {
    @Override
    public String toString() {
      return "set bridge port " + link + settings;
    }
  }

  /** Has a link send through a token bucket, whatever it sent through before. */
  record SetTokenBucket(int linkIndex, TokenBucket bucket) implements RouteOperation {
    @Override
    public String toString() {
      return "set token bucket dev " + linkIndex + " " + bucket;
    }
  }

  /** Makes the place of filters for what a link receives; fails with EEXIST if it is there. */
  record AddIngress(int linkIndex) implements RouteOperation {
    @Override
    public String toString() {
      return "add ingress dev " + linkIndex;
    }
  }

  /** Deletes the place of filters for what a link receives, with all of them. */
  record DeleteIngress(int linkIndex) implements RouteOperation {
    @Override
    public String toString() {
      return "delete ingress dev " + linkIndex;
    }
  }

  /**
   * Has another link send all that a link receives; needs {@link AddIngress} first. An intermediate
   * device ("ifb") gives it back afterwards, so that its queue shapes what comes in.
   */
  record AddRedirect(int linkIndex, int targetIndex) implements RouteOperation {
    @Override
    public String toString() {
      return "add redirect dev " + linkIndex + " to " + targetIndex;
    }
  }

  /** Makes an entry; fails with EEXIST if its place is taken. */
  record Add(RouteEntry entry) implements RouteOperation {
    @Override
    public String toString() {
      return "add " + entry;
    }
  }

  /**
   * Makes an entry or takes the place of another, in one step: no packet finds neither. There is no
   * such thing for rules.
   */
  record Replace(RouteEntry entry) implements RouteOperation {

    public Replace {
      if (entry instanceof RoutingRule) {
        throw new IllegalArgumentException("the kernel cannot replace rules; add and delete them");
      }
    }

    @Override
    public String toString() {
      return "replace " + entry;
    }
  }

  /** Deletes an entry; a route only if its next hop and protocol are those given. */
  record Delete(RouteEntry entry) implements RouteOperation {
    @Override
    public String toString() {
      return "delete " + entry;
    }
  }

  private static void requireCreatable(LinkSettings settings) {
    if (settings.name() != null || settings.alias() != null) {
      throw new IllegalArgumentException(
          "a new link's name is given apart, and its alias once it exists");
    }
  }
}
