package io.fairlead.dataplane.netlink.nftables;

class FakeNfTablesTest extends NfTablesContract {

  private final FakeNfTables fake = new FakeNfTables();

  @Override
  NfTablesKernel kernel() {
    return fake;
  }
}
