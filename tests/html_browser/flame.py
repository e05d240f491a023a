# SPDX-License-Identifier: MIT
"""The flame graph of a page, where it has one: search and zoom."""


def check_flame(browser, path):
    return []
