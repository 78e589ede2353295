#!/bin/sh
# A program that takes its password from the environment, and by mistake writes it into its log.
echo "app: connecting to $DB_URL with a password of ${#DB_PASSWORD} characters"
echo "app: debug: DB_PASSWORD is '$DB_PASSWORD'"
