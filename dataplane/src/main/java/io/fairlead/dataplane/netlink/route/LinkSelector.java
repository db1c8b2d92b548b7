package io.fairlead.dataplane.netlink.route;

/**
 * Which link an operation is about. By name, an operation can follow the link's creation in one
 * batch, before its index is known.
 */
public sealed interface LinkSelector {

  record ByIndex(int index) implements LinkSelector {
    @Override
    public String toString() {
      return Integer.toString(index);
    }
  }

  record ByName(String name) implements LinkSelector {
    @Override
    public String toString() {
      return name;
    }
  }

  static LinkSelector of(int index) {
    return new ByIndex(index);
  }

  static LinkSelector of(String name) {
    return new ByName(name);
  }
}
