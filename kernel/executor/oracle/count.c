// A TCG plugin for qemu-user that counts executed instructions and prints the count to the
// plugin log (-d plugin -D FILE). Declares by hand the part of the plugin interface, version 1,
// that it needs, because distributions do not always ship the header.
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t plugin_id;
struct translation_block;

extern void qemu_plugin_register_vcpu_tb_trans_cb(
    plugin_id id, void (*callback)(plugin_id, struct translation_block *));
extern size_t qemu_plugin_tb_n_insns(const struct translation_block *block);
extern void *qemu_plugin_tb_get_insn(const struct translation_block *block, size_t index);
extern void qemu_plugin_register_vcpu_insn_exec_inline(
    void *instruction, int operation, void *counter, uint64_t increment);
extern void qemu_plugin_register_atexit_cb(
    plugin_id id, void (*callback)(plugin_id, void *), void *data);
extern void qemu_plugin_outs(const char *text);

enum { INLINE_ADD_U64 = 0 };

int qemu_plugin_version = 1;

static uint64_t executed;

static void on_translation(plugin_id id, struct translation_block *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        void *instruction = qemu_plugin_tb_get_insn(block, i);
        qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD_U64, &executed, 1);
    }
}

static void on_exit(plugin_id id, void *data)
{
    (void)id;
    (void)data;
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64 "\n", executed);
    qemu_plugin_outs(text);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
    (void)info;
    (void)argc;
    (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit, NULL);
    return 0;
}
