package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A pool in a folder, which can be opened again as after a restart or a reboot. */
abstract class PoolFixture {

  @TempDir Path folder;
  AddressPool pool;

  @BeforeEach
  void openPool() throws IOException {
    pool = AddressPool.open(folder, "boot-1");
  }

  @AfterEach
  void closePool() throws IOException {
    pool.close();
  }

  void reopen(String bootId, String... cidrs) throws IOException {
    pool.close();
    pool = AddressPool.open(folder, bootId);
    configure(cidrs);
  }

  void configure(String... cidrs) {
    pool.configure(Stream.of(cidrs).map(Cidr::parse).toList());
  }

  Path journal() {
    return folder.resolve("leases.journal");
  }

  static AttachmentKey key(String container) {
    return new AttachmentKey("n", container, "eth0");
  }

  static IpAddress address(String text) {
    return IpAddress.parse(text);
  }

  String allocate(String container, String... requested) throws CniException {
    return allocate(
        container, AddressRequest.of(Stream.of(requested).map(IpAddress::parse).toList()));
  }

  String allocate(String container, AddressRequest request) throws CniException {
    return String.join(
        " ",
        pool.allocate(key(container), request, null, "", AttachmentOptions.DEFAULT).stream()
            .map(allocation -> allocation.address().toString())
            .toList());
  }

  static void assertRefused(CniErrorCode code, String sentence, ThrowingCallable action) {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(action)
        .withMessageContaining(sentence)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  static List<String> containers(List<Lease> leases) {
    return leases.stream().map(lease -> lease.key().containerId()).toList();
  }
}
