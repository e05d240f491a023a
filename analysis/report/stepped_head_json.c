/* SPDX-License-Identifier: MIT */
#include "stepped_head_json.h"

#include "json.h"
#include "json_value.h"

json_t *stepped_head_json(const struct stepped_head *head, const char *kind)
{
    json_t *root = json_object();
    json_object_set_new(root, "schema", json_string(REPORT_SCHEMA));
    json_object_set_new(root, "kind", json_string(kind));
    json_object_set_new(root, "command", value_texts(head->command));
    json_object_set_new(root, "exit_code", json_integer(head->exit_code));
    json_object_set_new(root, "signal", head->signal ? json_integer(head->signal) : json_null());
    json_object_set_new(root, "allocator", value_text(head->allocator));
    json_object_set_new(root, "library", value_text(head->library));
    json_object_set_new(root, "program", value_text(head->program));
    json_object_set_new(root, "pid", json_integer(head->pid));
    json_object_set_new(root, "skipped", value_count(head->skipped));
    json_object_set_new(root, "wanted", value_count(head->wanted));
    json_object_set_new(root, "calls", value_count(head->calls));
    json_object_set_new(root, "stopped", value_text(head->stopped));
    return root;
}
