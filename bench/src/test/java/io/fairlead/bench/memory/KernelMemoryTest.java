package io.fairlead.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelMemoryTest {

  @Test
  void cachesOfWhatRulesAreMadeOf() {
    assertThat(
            KernelMemory.caches(
                """
                slabinfo - version: 2.1
                # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>
                btrfs_inode            10     20   1000   13    1 : tunables    0    0    0
                kmalloc-cg-64         100    128     64   64    1 : tunables    0    0    0
                ip_vs_conn              3     12    320   12    1 : tunables    0    0    0
                """
                    .lines()
                    .toList()))
        .isEqualTo(Map.of("kmalloc-cg-64", 6400L, "ip_vs_conn", 960L));
  }

  @Test
  void whatHasGrownOrShrunk() {
    KernelMemory before = new KernelMemory(Map.of("kmalloc-64", 100L, "nft_x", 5L), 10, 20);
    KernelMemory after =
        new KernelMemory(Map.of("kmalloc-64", 40L, "nft_x", 5L, "ip_vs_conn", 7L), 15, 20);
    KernelMemory grown = after.since(before);
    assertThat(grown)
        .isEqualTo(new KernelMemory(Map.of("kmalloc-64", -60L, "ip_vs_conn", 7L), 5, 0));
    assertThat(grown.slab()).isEqualTo(-53);
  }
}
